import { writeFileSync } from 'node:fs'
import { builtFile, compileViews } from '../web/page/views.ts'

/** The last step of `npm run build`: a broken view ends it. */
writeFileSync(builtFile, JSON.stringify(compileViews()))
