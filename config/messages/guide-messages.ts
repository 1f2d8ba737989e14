import type { Sentence } from '../sentences.ts'

/** 常见问题解答: the eleven questions of the registration guide (section 三), and the links that lead to them. */
export const guideMessages = {
  'guide.title': { 'zh-CN': '常见问题解答', en: 'Questions and answers' },
  'guide.contents': { 'zh-CN': '问题', en: 'Questions' },
  'guide.links': { 'zh-CN': '相关页面', en: 'Where to go' },

  'guide.q1': {
    'zh-CN': '一、为什么考生服务系统要接入统一用户平台？',
    en: '1. Why does the exam service use the Unified User Platform?',
  },
  'guide.q1.before': {
    'zh-CN':
      '原考生服务系统注册只要求输入身份证号、姓名和手机号码。证件号码、姓名等个人信息容易泄露，注册行为是否本人发起无法核验，手机号码与注册人身份的对应关系也无从核实，会出现个人信息被他人冒用注册而本人无法注册，或者出现虚假报考的情况。',
    en: 'The exam service used to ask for an ID number, a name and a mobile number only. Such details leak easily, and nobody could check who was registering or whose number it was: people found that a stranger had registered in their name, and false candidates could apply.',
  },
  'guide.q1.now': {
    'zh-CN':
      '接入统一用户平台后，通过联网银行信息进行实名认证，可有效避免上述情况。使用同一个账户，还可以办理{sponsor}的多项业务或查询信息。',
    en: 'Now a bank confirms who registers, which prevents both. One account also serves many other services of {sponsor}.',
  },

  'guide.q2': {
    'zh-CN': '二、什么考试需要在考生服务系统注册？',
    en: '2. For which exams do I register with the exam service?',
  },
  'guide.q2.answer': {
    'zh-CN':
      '在公告或文件中注明需在考生服务系统报考的考试，如深圳市机关事业单位公开招考、军队转业干部安置考试、专业技术资格以考代评和考评结合笔试、全国专业技术人员计算机应用能力考试等。',
    en: 'For those whose announcement says so, such as open recruitment for public offices and institutions in Shenzhen, placement exams for demobilised officers, written exams for professional qualifications, and the national computer proficiency exam for professionals.',
  },

  'guide.q3': { 'zh-CN': '三、注册需要什么条件？', en: '3. What do I need to register?' },
  'guide.q3.need': {
    'zh-CN':
      '注册时，需持有一张有效的银行借记卡或深圳金融社保卡，且该卡在银行端已预留手机号码（用于接收验证码）。',
    en: 'A valid debit card or a Shenzhen social-security bank card of your own, and the mobile number that this bank has on record for you (it gets the code).',
  },
  'guide.q3.banks': {
    'zh-CN': '目前，支持的银行有以下 {count} 家：',
    en: 'These {count} banks can be used:',
  },
  'guide.q3.without': {
    'zh-CN': '若没有上述银行的有效借记卡或深圳金融社保卡，需前往其中一家银行开卡后才能注册。',
    en: 'If you have no such card of any of them, open an account at one of these banks first.',
  },
  'guide.q3.unit': {
    'zh-CN':
      '单位用户注册还需要单位名称、统一社会信用代码、法定代表人姓名及其证件号，由经办人用本人的银行卡核验。',
    en: 'An organisation also needs its name, its unified social credit code, and the name and ID number of its legal representative. The person who acts for it proves who they are with their own bank card.',
  },

  'guide.q4': { 'zh-CN': '四、什么时候可以注册？', en: '4. When can I register?' },
  'guide.q4.answer': {
    'zh-CN': '随时可以注册，无需等待相关考试报名开始。',
    en: 'At any time. There is no need to wait until applications for an exam open.',
  },

  'guide.q5': {
    'zh-CN': '五、注册时，为何需填写银行账号？',
    en: '5. Why do you ask for my bank account?',
  },
  'guide.q5.answer': {
    'zh-CN':
      '填写银行账号信息是实名认证的关键。平台通过合作银行的信息核验平台核对您的姓名、证件和预留手机号码：不仅支持深圳金融社保卡，使用合作银行的任一借记卡（非信用卡）均可完成验证，您不必往返办事窗口，即可达到“实名即实人”认证的目的。',
    en: 'Because that is how we know that it is you: your bank compares your name, your document and your mobile number with its records. Any debit card of these banks will do (no credit cards), and a social-security bank card too. It saves you the way to a counter.',
  },
  'guide.q5.only': {
    'zh-CN':
      '银行账号仅用于校验身份，不用作其他用途，不会扣款。完整的账号不保存，只保留隐去中间数字的账号。',
    en: 'The account number serves this check and nothing else, and nothing is charged. We do not keep the full number, only one with its middle digits hidden.',
  },

  'guide.q6': {
    'zh-CN': '六、实名认证会增加注册用时吗？',
    en: '6. Does the check by the bank take longer?',
  },
  'guide.q6.cases': {
    'zh-CN': '通常几秒钟就有结果。下列情形会增加注册用时：',
    en: 'Usually it takes a few seconds. It takes longer if',
  },
  'guide.q6.noCard': {
    'zh-CN': '没有合作银行的借记卡，需前往合作银行开卡后才能注册。',
    en: 'you have no debit card of one of these banks: open an account first;',
  },
  'guide.q6.differs': {
    'zh-CN':
      '注册时填写的基本信息与银行留存的信息不完全一致（姓名、证件类型、证件号、手机号码），可能需前往银行变更信息，常见的是手机号码变更。',
    en: 'what you type is not exactly what the bank has (name, document type, document number, mobile number): you may have to have it changed at the bank. Most often it is the mobile number.',
  },
  'guide.q6.early': {
    'zh-CN': '因此，请尽早完成注册，以免影响正常报考。',
    en: 'So register early, well before an exam closes.',
  },

  'guide.q7': {
    'zh-CN': '七、注册时系统提示“人员姓名或证件名或证件号与银行登记不匹配”该怎么办？',
    en: '7. It says that name, document type or document number are not what the bank has on record. What now?',
  },

  'guide.q8': {
    'zh-CN': '八、姓名有生僻字，怎么办？',
    en: '8. My name has a rare character. What do I type?',
  },
  'guide.q8.answer': {
    'zh-CN': '姓名中的生僻字处理方式需与银行留存信息保持一致。',
    en: 'Write it as your bank has it on record.',
  },
  'guide.q8.ways': {
    'zh-CN':
      '输入法打不出的字，可从银行的手机应用中复制；银行用拼音或其他写法代替的，也请照样填写。民族姓名中的间隔号请用“·”。',
    en: 'A character that your keyboard does not have can be copied from your bank’s app. If the bank writes pinyin or another character in its place, so do you. The dot of ethnic names is “·”.',
  },

  'guide.q9': { 'zh-CN': '九、注册信息如何修改？', en: '9. How do I change my details?' },
  'guide.q9.name': {
    'zh-CN':
      '修改姓名：请凭相关证明先到银行申请修改，修改成功后，在“用户信息维护”的“用户信息”中修改。',
    en: 'Your name: have it changed at the bank first, with the papers that show it. Then change it in Your account, under Details.',
  },
  'guide.q9.phone': {
    'zh-CN': '修改手机号码：须先到银行申请修改并修改成功，再在“用户信息维护”的“用户信息”中修改。',
    en: 'Your mobile number: have it changed at the bank first. Then change it in Your account, under Details.',
  },
  'guide.q9.terminal': {
    'zh-CN': '使用深圳金融社保卡注册的，也可以在金融社保自助终端修改手机号码。',
    en: 'If you registered with a Shenzhen social-security bank card, a social-security terminal can change the number too.',
  },
  'guide.q9.document': {
    'zh-CN': '证件类型和证件号不能修改；填错的，请与我们联系。',
    en: 'Document type and number cannot be changed. If they are wrong, contact us.',
  },

  'guide.q10': {
    'zh-CN': '十、忘了用户名或密码且注册时填写的手机号码又停用，导致无法找回用户名或密码，怎么办？',
    en: '10. I forgot my username or password, and my registered number no longer works. What now?',
  },
  'guide.q10.bank': {
    'zh-CN': '须先到银行申请并完成手机号码修改。',
    en: 'Have your mobile number changed at the bank first.',
  },
  'guide.q10.username': {
    'zh-CN':
      '忘记用户名的：进入找回用户名页面，填写所需信息，到“验证手机校验码”页面后，点击“手机号已停用？”，根据提示填写信息并提交，完成手机号更换；然后再次找回用户名，验证码会发送到新的手机号码。',
    en: 'Forgotten your username: start to recover it, and on the page that asks for the code choose “Phone number no longer in use?”. Fill in the page to replace the number, then recover the username again: the code goes to the new number.',
  },
  'guide.q10.password': {
    'zh-CN':
      '忘记密码的：进入找回密码页面，输入用户名，选择“证件号码+手机验证码”，到“验证身份”页面后，点击“手机号已停用？”，根据提示填写信息并提交，完成手机号更换；然后再次找回密码。设置过密保问题的，可以直接选择“密保问题”，不需要手机。',
    en: 'Forgotten your password: start to reset it, choose the ID number and a code, and on the next page choose “Phone number no longer in use?”. Fill in the page to replace the number, then reset the password again. If you have set security questions, they need no phone at all.',
  },

  'guide.q11': { 'zh-CN': '十一、联系方式有哪些？', en: '11. How can I reach you?' },
  'guide.q11.phone': { 'zh-CN': '联系电话：{phone}。', en: 'Telephone: {phone}.' },
  'guide.q11.email': {
    'zh-CN':
      '电子邮箱：{email}，来邮时请在邮件中注明姓名、身份证号和事由；页面上有受理编号的，请一并注明。',
    en: 'E-mail: {email}. Please give your name, your ID number and the matter, and the case number if the page showed one.',
  },
  'guide.q11.never': {
    'zh-CN': '请勿在邮件或电话中提供密码、短信验证码和完整的银行账号，我们不会向您索要。',
    en: 'Never give a password, a code or a full bank account number by e-mail or telephone. We do not ask for them.',
  },

  'guide.prepare': {
    'zh-CN':
      '注册前请准备：本人的有效借记卡或深圳金融社保卡（{banks}），以及在该银行预留的手机号码。',
    en: 'Have at hand: a valid debit card or Shenzhen social-security bank card of your own ({banks}), and the mobile number that this bank has on record for you.',
  },
  'guide.between': { 'zh-CN': '、', en: ', ' },
  'guide.link.q3': { 'zh-CN': '注册需要什么条件？', en: 'What do I need to register?' },
  'guide.link.q5': { 'zh-CN': '为何需填写银行账号？', en: 'Why do you ask for my bank account?' },
  'guide.link.q7': { 'zh-CN': '常见问题：核验不匹配怎么办？', en: 'More about this in the help' },
  'guide.link.q8': { 'zh-CN': '姓名有生僻字，怎么办？', en: 'My name has a rare character' },
  'guide.link.q9': { 'zh-CN': '注册信息如何修改？', en: 'How do I change my details?' },
  'guide.link.q10': {
    'zh-CN': '手机号码停用，怎么找回？',
    en: 'How do I recover when my number no longer works?',
  },
  'guide.link.q11': { 'zh-CN': '联系方式', en: 'Ways to reach us' },
} as const satisfies Record<string, Sentence>
