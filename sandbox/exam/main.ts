import { listen } from '../listen.ts'
import { examService } from './exam-service.ts'

const {
  EXAM_PORT = '3001',
  ISSUER = 'http://localhost:3000',
  EXAM_CLIENT_ID: clientId = '',
  EXAM_CLIENT_SECRET: clientSecret = '',
} = process.env

if (!clientId || !clientSecret) {
  console.error('EXAM_CLIENT_ID, EXAM_CLIENT_SECRET: both must be set')
  process.exit(78)
}

const baseUrl = `http://localhost:${EXAM_PORT}`
listen(
  examService({ issuer: ISSUER, clientId, clientSecret, baseUrl }),
  Number(EXAM_PORT),
  'Exam service',
)
