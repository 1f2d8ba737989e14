import { exam } from '../exam/exam.ts'
import { serve } from '../relying-party/serve.ts'
import { social } from './social.ts'

serve(social, [exam])
