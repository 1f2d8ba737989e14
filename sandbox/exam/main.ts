import { serve } from '../relying-party/serve.ts'
import { social } from '../social/social.ts'
import { exam } from './exam.ts'

serve(exam, [social])
