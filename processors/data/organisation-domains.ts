/**
 * Domains that belong to the organisations a whitelist may name, each with all below it. Public knowledge of what these companies
 * serve under; not complete. Of domains below which any customer may have a name, only the company's own names are here
 * (`customer-zones.ts` tells of the parts left). Address ranges and AS numbers are not held here.
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
    'cdn.fbsbx.com',
    'lookaside.fbsbx.com',
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
    'clients2.googleusercontent.com',
    'lh3.googleusercontent.com',
    'lh4.googleusercontent.com',
    'lh5.googleusercontent.com',
    'lh6.googleusercontent.com',
    'play-lh.googleusercontent.com',
    'yt3.googleusercontent.com',
    'yt4.googleusercontent.com',
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
    'pki.goog',
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
    'management.azure.com',
    'portal.azure.com',
    'accounts.accesscontrol.windows.net',
    'graph.windows.net',
    'login.windows.net',
    'management.core.windows.net',
    'sts.windows.net',
    'skype.com',
    'microsoftonline.com',
    'msedge.net',
    'sharepoint.com',
    'onedrive.com',
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
