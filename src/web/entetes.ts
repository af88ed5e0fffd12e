/** What pages may load and where they may send: our own files and addresses, nothing written in the page itself. */
const POLITIQUE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join(';')

/** No page uses any device of the person: a script that would slip in cannot either. */
const PERMISSIONS = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'display-capture', 'browsing-topics']
  .map((une) => `${une}=()`)
  .join(', ')

/** Security headers of every answer, the same from start to stop. Over https only, the browser is told to come back over https. */
export function entetesDeSecurite(securise: boolean): Readonly<Record<string, string>> {
  return {
    // What may be kept says so itself: a page of households forgotten here must not stay on a shared computer.
    'cache-control': 'no-store',
    'content-security-policy': POLITIQUE,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': PERMISSIONS,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    ...(securise ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
