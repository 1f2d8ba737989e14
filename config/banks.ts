/** 银行: name as people know it. The list is data (config/banks.yaml); the type only says that it is one of its names. */
export type BankName = string
