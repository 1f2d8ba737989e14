import type { Sentence } from '../sentences.ts'

/** The frame of every page: header, steps, contacts. */
export const frameMessages = {
  'platform.name': { 'zh-CN': '统一用户平台', en: 'Unified User Platform' },
  'frame.skip': { 'zh-CN': '跳到正文', en: 'Skip to content' },
  'frame.signingIn': { 'zh-CN': '正在登录：{system}', en: 'Signing in to: {system}' },
  'frame.from': { 'zh-CN': '来自：{system}', en: 'From: {system}' },
  'frame.tools': { 'zh-CN': '帮助、语言和字号', en: 'Help, language and text size' },
  'frame.help': { 'zh-CN': '帮助', en: 'Help' },
  'frame.language': { 'zh-CN': 'English', en: '简体中文' },
  'frame.largeText': { 'zh-CN': '长者模式', en: 'Larger text' },
  'frame.normalText': { 'zh-CN': '标准模式', en: 'Standard text' },
  'frame.readAloud': { 'zh-CN': '朗读本页', en: 'Read this page aloud' },
  'frame.stopReading': { 'zh-CN': '停止朗读', en: 'Stop reading' },
  'frame.offline': {
    'zh-CN': '连接不上统一用户平台，请检查网络后再试一次。您填写的内容都还在本页。',
    en: 'This service can’t be reached. Please check your connection and try again. Everything that you typed is still on this page.',
  },
  'frame.announcements': { 'zh-CN': '公告', en: 'Announcements' },
  'announcement.info': { 'zh-CN': '提示', en: 'Note' },
  'announcement.important': { 'zh-CN': '重要', en: 'Important' },
  'frame.contact': { 'zh-CN': '联系我们', en: 'Contact us' },
  'frame.sponsor': { 'zh-CN': '主办：{sponsor}', en: 'Run by: {sponsor}' },
  'frame.phone': { 'zh-CN': '电话：{phone}', en: 'Telephone: {phone}' },
  'frame.email': { 'zh-CN': '邮箱：{email}', en: 'E-mail: {email}' },
  'frame.documents': { 'zh-CN': '帮助和政策', en: 'Help and policies' },
  'frame.privacy': { 'zh-CN': '隐私政策', en: 'Privacy policy' },
  'frame.terms': { 'zh-CN': '用户协议', en: 'User agreement' },
  'stepper.label': { 'zh-CN': '流程', en: 'Steps' },
  'stepper.short': {
    'zh-CN': '第 {at} 步，共 {all} 步',
    en: 'Step {at} of {all}',
  },
  'stepper.done': { 'zh-CN': '已完成', en: 'done' },
  'stepper.current': { 'zh-CN': '当前步骤', en: 'current step' },
} as const satisfies Record<string, Sentence>
