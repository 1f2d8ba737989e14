import type { Sentence } from '../sentences.ts'

/** Labels, hints and errors of fields (specification, section 4). The rules pass their numbers as parameters. */
export const fieldMessages = {
  'text.unreadable': {
    'zh-CN': '内容中有无法识别的字符，请清空后重新输入',
    en: 'This holds a character that we can’t read. Clear the field and type it again.',
  },

  'username.missing': { 'zh-CN': '请输入用户名', en: 'Enter a username.' },
  'username.length': {
    'zh-CN': '用户名应为{least}至{most}个字符，请修改',
    en: 'Use {least} to {most} characters for the username.',
  },
  'username.start': {
    'zh-CN': '用户名应以字母开头，请修改第一个字符',
    en: 'Begin the username with a letter.',
  },
  'username.characters': {
    'zh-CN': '用户名只能使用字母、数字、下划线、短横线和点，请去掉其他字符',
    en: 'Use only letters A–Z, digits, underscores, hyphens and dots for the username.',
  },

  'password.missing': { 'zh-CN': '请输入密码', en: 'Enter a password.' },
  'password.short': {
    'zh-CN': '密码至少{least}个字符，请加长',
    en: 'Use {least} characters or more for the password.',
  },
  'password.long': {
    'zh-CN': '密码最多{most}个字符，请缩短',
    en: 'Use {most} characters or fewer for the password.',
  },
  'password.classes': {
    'zh-CN': '密码应包含大写字母、小写字母、数字、其他符号中的至少{classes}种，请补充',
    en: 'Use at least {classes} of these in the password: capital letters, small letters, digits, other signs.',
  },
  'password.common': {
    'zh-CN': '这个密码很常见，容易被猜到，请换一个',
    en: 'This password is common and easy to guess. Choose another one.',
  },
  'password.personal': {
    'zh-CN': '密码主要由您的用户名、手机号码或证件号组成，容易被猜到，请换一个',
    en: 'This password is mostly your username, phone or ID number, so it is easy to guess. Choose another one.',
  },
  'strength.label': { 'zh-CN': '密码强度', en: 'Password strength' },
  'strength.0': {
    'zh-CN': '密码强度：很弱，容易被猜到',
    en: 'Password strength: very weak, easy to guess',
  },
  'strength.1': { 'zh-CN': '密码强度：弱', en: 'Password strength: weak' },
  'strength.2': { 'zh-CN': '密码强度：一般', en: 'Password strength: fair' },
  'strength.3': { 'zh-CN': '密码强度：强', en: 'Password strength: strong' },
  'strength.4': { 'zh-CN': '密码强度：很强', en: 'Password strength: very strong' },
  'passwordAgain.missing': { 'zh-CN': '请再次输入密码', en: 'Enter the password again.' },
  'passwordAgain.differs': {
    'zh-CN': '两次输入的密码不一致，请重新输入',
    en: 'The two passwords differ. Enter the same one twice.',
  },

  'name.missing': { 'zh-CN': '请输入姓名', en: 'Enter the name.' },
  'name.length': {
    'zh-CN': '姓名最多{most}个字，请检查是否多输',
    en: 'The name may have {most} characters at most. Check that nothing else was typed.',
  },
  'name.characters': {
    'zh-CN': "姓名只能包含汉字、字母、间隔号“·”、空格和 - ' . ,，请去掉数字和其他符号",
    en: "A name may hold Chinese characters, letters, the dot “·”, spaces and - ' . , only. Take out digits and other signs.",
  },
  'name.unified': {
    'zh-CN': '{field}中的“{from}”已改为“{to}”',
    en: '{field}: “{from}” was changed to “{to}”.',
  },
  'name.unifiedWhy': {
    'zh-CN': '两者看起来一样，但在电脑里是不同的字，银行登记的通常是后者。',
    en: 'They look alike, but they are different characters to a computer, and a bank usually holds the second.',
  },
  'name.unifiedFirst': {
    'zh-CN': '姓名中的“{from}”已改为“{to}”，请核对后再次提交',
    en: 'In the name “{from}” was changed to “{to}”. Check it, then send the form again.',
  },

  'idType.missing': { 'zh-CN': '请选择证件类型', en: 'Choose the type of ID.' },
  'idCountry.missing': {
    'zh-CN': '请选择护照的签发国家或地区',
    en: 'Choose the country or region that issued the passport.',
  },
  'idNumber.missing': { 'zh-CN': '请输入证件号', en: 'Enter the ID number.' },
  'idNumber.short': {
    'zh-CN': '证件号应为{length}位，请检查是否漏输',
    en: 'The ID number has {length} characters. Check whether one is missing.',
  },
  'idNumber.long': {
    'zh-CN': '证件号应为{length}位，请检查是否多输',
    en: 'The ID number has {length} characters. Check whether there is one too many.',
  },
  'idNumber.eighteen': {
    'zh-CN': '证件号应为18位数字，只有最后一位可以是字母X，请对照证件检查',
    en: 'The ID number is 18 digits, the last of which may be the letter X. Compare it with the document.',
  },
  'idNumber.fifteen': {
    'zh-CN': '15位身份证号已停止使用，请输入18位身份证号',
    en: 'ID numbers of 15 digits are no longer valid. Enter the one of 18.',
  },
  'idNumber.checksum': {
    'zh-CN': '证件号有误，请对照证件逐位核对',
    en: 'A character of the ID number is wrong. Compare it with the document one by one.',
  },
  'idNumber.date': {
    'zh-CN': '证件号第7至14位的出生日期有误，请对照证件核对',
    en: 'Digits 7 to 14 of the ID number are no possible birth date. Compare them with the document.',
  },
  'idNumber.isResidencePermit': {
    'zh-CN': '这是港澳台居民居住证的号码，请核对证件类型',
    en: 'This is the number of a residence permit for Hong Kong, Macao and Taiwan residents. Check the type of ID.',
  },
  'idNumber.notResidencePermit': {
    'zh-CN': '港澳台居民居住证号码以810000、820000或830000开头，请核对证件类型和证件号',
    en: 'The number of this permit begins with 810000, 820000 or 830000. Check the type of ID and the number.',
  },
  'idNumber.isForeigner': {
    'zh-CN': '这是外国人永久居留身份证的号码，请核对证件类型',
    en: 'This is the number of a foreigner’s permanent residence ID. Check the type of ID.',
  },
  'idNumber.foreigner': {
    'zh-CN': '证件号应为9开头的18位，或3个字母加12位数字（旧版），请对照证件检查',
    en: 'The ID number has 18 characters and begins with 9, or on older cards is 3 letters and 12 digits. Compare it with the document.',
  },
  'idNumber.hkMacau': {
    'zh-CN': '证件号应为字母H或M加8位或10位数字，请对照证件检查',
    en: 'The number is the letter H or M and 8 or 10 digits. Compare it with the document.',
  },
  'idNumber.taiwan': {
    'zh-CN': '证件号应为8位数字（旧版为10位数字加括号内的字母），请对照证件检查',
    en: 'The number has 8 digits, or on older permits 10 digits and a letter in brackets. Compare it with the document.',
  },
  'idNumber.passport': {
    'zh-CN': '护照号码应为5至17位字母和数字，请对照护照检查',
    en: 'A passport number is 5 to 17 letters and digits. Compare it with the passport.',
  },

  'idNumber.told': {
    'zh-CN': '已按证件号填写性别和出生日期，可以修改',
    en: 'Sex and date of birth were filled in from the ID number. You can change them.',
  },

  'gender.missing': { 'zh-CN': '请选择性别', en: 'Choose the sex.' },
  'gender.differs': {
    'zh-CN': '性别与证件号不一致，请核对性别和证件号',
    en: 'The sex doesn’t agree with the ID number. Check both.',
  },
  'birthdate.missing': { 'zh-CN': '请输入出生日期', en: 'Enter the date of birth.' },
  'birthdate.format': {
    'zh-CN': '请按“1990-01-31”的样式输入年、月、日，并检查日期是否存在',
    en: 'Enter year, month and day as in 1990-01-31, and check that there is such a day.',
  },
  'birthdate.future': {
    'zh-CN': '出生日期不能晚于今天，请检查年份',
    en: 'The date of birth can’t lie in the future. Check the year.',
  },
  'birthdate.early': {
    'zh-CN': '出生年份过早，请检查是否输错',
    en: 'The year of birth lies too far back. Check it.',
  },
  'birthdate.differs': {
    'zh-CN': '出生日期与证件号不一致，请核对出生日期和证件号',
    en: 'The date of birth doesn’t agree with the ID number. Check both.',
  },

  'bank.missing': { 'zh-CN': '请选择银行', en: 'Choose the bank.' },
  'bankConsent.missing': {
    'zh-CN': '请勾选“我同意将银行账号仅用于核验身份”，否则无法核验身份',
    en: 'Tick the box to agree that the account number is used to prove your identity and for nothing else; without it we can’t go on.',
  },
  'account.missing': { 'zh-CN': '请输入银行账号', en: 'Enter the account number.' },
  'account.characters': {
    'zh-CN': '银行账号只含数字，请去掉其他字符',
    en: 'An account number has digits only. Take out anything else.',
  },
  'account.short': {
    'zh-CN': '银行账号应为15至19位数字，请检查是否漏输',
    en: 'An account number has 15 to 19 digits. Check whether one is missing.',
  },
  'account.long': {
    'zh-CN': '银行账号应为15至19位数字，请检查是否多输',
    en: 'An account number has 15 to 19 digits. Check whether there is one too many.',
  },
  'account.check': {
    'zh-CN': '银行账号有误，请对照银行卡逐位核对',
    en: 'A digit of the account number is wrong. Compare it with the card one by one.',
  },
  'account.otherBank': {
    'zh-CN': '银行账号与所选银行不一致，请检查银行或账号',
    en: 'This account number isn’t one of the chosen bank. Check the bank or the number.',
  },

  'account.bankTold': {
    'zh-CN': '已按银行账号选择{bank}，可以修改',
    en: '{bank} was chosen by the account number. You can change it.',
  },

  'phoneRegion.missing': { 'zh-CN': '请选择国家/地区', en: 'Choose the country or region.' },
  'phoneRegion.+86': { 'zh-CN': '中国内地 +86', en: 'Mainland China +86' },
  'phoneRegion.+852': { 'zh-CN': '中国香港 +852', en: 'Hong Kong, China +852' },
  'phoneRegion.+853': { 'zh-CN': '中国澳门 +853', en: 'Macao, China +853' },
  'phoneRegion.+886': { 'zh-CN': '中国台湾 +886', en: 'Taiwan, China +886' },
  'phone.missing': { 'zh-CN': '请输入手机号码', en: 'Enter the mobile number.' },
  'phone.characters': {
    'zh-CN': '手机号码只含数字，请去掉其他字符',
    en: 'A mobile number has digits only. Take out anything else.',
  },
  'phone.short': {
    'zh-CN': '手机号码应为{digits}位，请检查是否漏输',
    en: 'The mobile number has {digits} digits. Check whether one is missing.',
  },
  'phone.long': {
    'zh-CN': '手机号码应为{digits}位，请检查是否多输',
    en: 'The mobile number has {digits} digits. Check whether there is one too many.',
  },
  'phone.notMobile': {
    'zh-CN': '这不是手机号码，请输入可以接收短信的手机号码',
    en: 'This isn’t a mobile number. Enter one that can receive SMS.',
  },
  'phone.machine': {
    'zh-CN': '这是物联网号码，不能接收短信，请输入其他手机号码',
    en: 'This number belongs to a machine and gets no SMS. Enter another mobile number.',
  },
  'phone.region': {
    'zh-CN': '暂不支持该国家/地区的手机号码，请输入其他手机号码',
    en: 'Mobile numbers of this country or region aren’t supported yet. Enter another one.',
  },

  'unitName.missing': { 'zh-CN': '请输入单位名称', en: 'Enter the name of the organisation.' },
  'unitName.length': {
    'zh-CN': '名称最多{most}个字，请核对',
    en: 'A name has {most} characters at most. Check it.',
  },
  'legalRepresentative.missing': {
    'zh-CN': '请输入法定代表人的姓名',
    en: 'Enter the name of the legal representative.',
  },
  'legalRepresentativeIdNumber.missing': {
    'zh-CN': '请输入法定代表人的证件号',
    en: 'Enter the ID number of the legal representative.',
  },
  'uscc.missing': {
    'zh-CN': '请输入统一社会信用代码',
    en: 'Enter the unified social credit code.',
  },
  'uscc.characters': {
    'zh-CN': '统一社会信用代码只含数字和字母，且没有I、O、S、V、Z，请对照证书检查',
    en: 'The code has digits and letters, but no I, O, S, V or Z. Compare it with the certificate.',
  },
  'uscc.short': {
    'zh-CN': '统一社会信用代码应为{length}位，请检查是否漏输',
    en: 'The code has {length} characters. Check whether one is missing.',
  },
  'uscc.long': {
    'zh-CN': '统一社会信用代码应为{length}位，请检查是否多输',
    en: 'The code has {length} characters. Check whether there is one too many.',
  },
  'uscc.check': {
    'zh-CN': '统一社会信用代码可能有误，请对照证书逐位核对；确认无误请再次提交',
    en: 'The code may hold a mistake. Compare it with the certificate; if it is right, send it again.',
  },
} as const satisfies Record<string, Sentence>
