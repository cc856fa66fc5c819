/**
 * Domains that belong to the organisations a whitelist may name, each with all below it. Public knowledge of what these companies
 * serve under; not complete. Address ranges and AS numbers are not held here.
 */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  apple: [
    'apple.com',
    'icloud.com',
    'icloud-content.com',
    'mzstatic.com',
    'cdn-apple.com',
    'apple-dns.net',
    'aaplimg.com',
    'me.com',
  ],
  facebook: [
    'facebook.com',
    'facebook.net',
    'fbcdn.net',
    'fbsbx.com',
    'instagram.com',
    'cdninstagram.com',
    'whatsapp.com',
    'whatsapp.net',
    'meta.com',
    'messenger.com',
  ],
  google: [
    'google.com',
    'googleapis.com',
    'gstatic.com',
    'googleusercontent.com',
    'googlevideo.com',
    'youtube.com',
    'ytimg.com',
    'ggpht.com',
    'gvt1.com',
    'gvt2.com',
    'google-analytics.com',
    'googletagmanager.com',
    'googlesyndication.com',
    'doubleclick.net',
    '1e100.net',
    'gmail.com',
    'android.com',
    'withgoogle.com',
    'goog',
    'dns.google',
  ],
  microsoft: [
    'microsoft.com',
    'windows.com',
    'windowsupdate.com',
    'live.com',
    'office.com',
    'office365.com',
    'outlook.com',
    'msftconnecttest.com',
    'msftncsi.com',
    'msn.com',
    'bing.com',
    'azure.com',
    'azureedge.net',
    'windows.net',
    'skype.com',
    'microsoftonline.com',
    'msedge.net',
    'sharepoint.com',
    'onedrive.com',
    'trafficmanager.net',
    'office.net',
    'aka.ms',
  ],
  twitter: ['twitter.com', 'twimg.com', 't.co', 'x.com', 'twttr.com', 'tweetdeck.com'],
}

const domains: Record<string, readonly string[]> = { ...builtIn }

/** What is in use: what comes with the program unless `useOrganisationDomains` said otherwise. */
export const organisationDomains: Readonly<Record<string, readonly string[]>> = domains

/** As lines of a data file: `google,google.com`. */
export const organisationDomainLines: readonly string[] = Object.entries(builtIn).flatMap(([name, all]) =>
  all.map((domain) => `${name},${domain}`),
)

/** Takes the place of the domains known so far. Trusts its lines, and passes over those of addresses and AS numbers. */
export function useOrganisationDomains(lines: readonly string[]): void {
  for (const name of Object.keys(domains)) delete domains[name]
  for (const line of lines) {
    const [name = '', value = ''] = line.split(',')
    if (!isDomain(value)) continue
    domains[name] = [...(Object.hasOwn(domains, name) ? (domains[name] ?? []) : []), value]
  }
}

/** Not an address range and not an AS number. */
export const isDomain = (value: string): boolean =>
  !/^as\d+$/i.test(value) && !/[/:]/.test(value) && !/^[\d.]+$/.test(value)
