import { writeFileSync } from 'node:fs'
import { builtFile, compileViews } from '../web/page/compiled-views.ts'

/** The last step of `npm run build`, which a broken view fails. */
writeFileSync(builtFile, JSON.stringify(compileViews()))
