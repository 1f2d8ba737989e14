import { listen } from '../listen.ts'
import { simulators } from './simulators.ts'

listen(simulators(), Number(process.env['SIMULATOR_PORT'] ?? 3100), 'Simulators')
