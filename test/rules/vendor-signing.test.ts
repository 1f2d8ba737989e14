import { aliyunAuthorization } from '../../src/adapters/vendors/aliyun/aliyun-signing.ts'
import { tencentAuthorization } from '../../src/adapters/vendors/tencent/tencent-signing.ts'
import { aliyunRefusal } from '../support/vendors/aliyun.ts'
import { tencentRefusal } from '../support/vendors/tencent-cloud.ts'

describe('TC3-HMAC-SHA256: the example of "Signature v3" (API 3.0 documentation of CVM)', () => {
  const account = {
    secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
    secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  }
  const request = {
    service: 'cvm',
    host: 'cvm.tencentcloudapi.com',
    contentType: 'application/json; charset=utf-8',
    timestamp: 1551113065,
    body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  }
  const published =
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168'

  test('is signed by the adapters as published', () => {
    expect(tencentAuthorization(account, request)).toBe(published)
  })

  test('has a signature that the simulator accepts only for this request', () => {
    const received = (body: string) => ({
      method: 'POST',
      url: '/',
      headers: {
        host: request.host,
        'content-type': request.contentType,
        'x-tc-action': 'DescribeInstances',
        'x-tc-version': '2017-03-12',
        'x-tc-region': 'ap-guangzhou',
        'x-tc-timestamp': '1551113065',
        authorization: published,
      },
      body,
    })
    const rules = {
      ...account,
      service: 'cvm',
      action: 'DescribeInstances',
      version: '2017-03-12',
      region: 'ap-guangzhou',
      now: 1551113065_000,
    }
    expect(tencentRefusal(received(request.body), rules)).toBeUndefined()
    expect(tencentRefusal(received('{"Limit": 2}'), rules)).toBe('AuthFailure.SignatureFailure')
  })
})

describe('ACS3-HMAC-SHA256: the example with fixed values of "V3 request structure & signature"', () => {
  const account = { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' }
  const query = 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai'
  const headers = {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-version': '2014-05-26',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  }
  const published =
    'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0'

  test('is signed by the adapters as published', () => {
    expect(aliyunAuthorization(account, { query, headers, body: '' })).toBe(published)
  })

  test('has a signature that the simulator accepts only once and only for this request', () => {
    const received = (host: string) => ({
      method: 'POST',
      url: `/?${query}`,
      headers: { ...headers, host, authorization: published },
      body: '',
    })
    const rules = {
      ...account,
      action: 'RunInstances',
      version: '2014-05-26',
      now: Date.UTC(2023, 9, 26, 10, 22, 32),
    }
    const fresh = () => ({ ...rules, nonces: new Set<string>() })
    const used = fresh()
    expect(aliyunRefusal(received(headers.host), used)).toBeUndefined()
    expect(aliyunRefusal(received(headers.host), used)).toBe('SignatureNonceUsed')
    expect(aliyunRefusal(received('ecs.aliyuncs.com'), fresh())).toBe('SignatureDoesNotMatch')
  })
})
