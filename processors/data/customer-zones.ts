/**
 * Zones of big companies below which any customer of theirs may have a name, and a machine or pages behind it: who has such a name is not
 * the company, whoever holds the zone. Sources: the private section of the public suffix list (https://publicsuffix.org), as far as it names
 * these companies, and what they document of names that customers are given (Microsoft: Azure services DNS zones; Google Cloud; Amazon; Cloudflare;
 * Fastly; Akamai). Never complete: so lists of a company's own zones name those, and not all of a domain that is shared.
 */
import { isWithinZone } from './dns-zones.ts'

export const customerZones: readonly string[] = [
  // Microsoft
  'azure-api.net',
  'azure-mobile.net',
  'azurecontainer.io',
  'azurecontainerapps.io',
  'azurecr.io',
  'azuredatabricks.net',
  'azureedge.net',
  'azurefd.net',
  'azurehdinsight.net',
  'azurestaticapps.net',
  'azurewebsites.net',
  'azurewebsites.windows.net',
  'azmk8s.io',
  'batch.azure.com',
  'cloudapp.azure.com',
  'cloudapp.net',
  'communication.azure.com',
  'cognitiveservices.azure.com',
  'database.azure.com',
  'documents.azure.com',
  'ml.azure.com',
  'openai.azure.com',
  'webpubsub.azure.com',
  'b2clogin.com',
  'blob.core.windows.net',
  'dfs.core.windows.net',
  'file.core.windows.net',
  'queue.core.windows.net',
  'table.core.windows.net',
  'web.core.windows.net',
  'cache.windows.net',
  'database.windows.net',
  'search.windows.net',
  'servicebus.windows.net',
  'service.signalr.net',
  'trafficmanager.net',
  'vault.azure.net',
  // Google
  'appspot.com',
  'blogspot.com',
  'cloudfunctions.net',
  'cloud.goog',
  'firebaseapp.com',
  'firebaseio.com',
  'run.app',
  'storage.googleapis.com',
  'translate.goog',
  'usercontent.goog',
  'web.app',
  'apps.googleusercontent.com',
  'bc.googleusercontent.com',
  // Facebook, Apple
  'apps.fbsbx.com',
  'cloudkit-apple.com',
  // Hosts that others of the lists use
  'amazonaws.com',
  'awsapprunner.com',
  'cloudfront.net',
  'elasticbeanstalk.com',
  'akamaized.net',
  'edgekey.net',
  'edgesuite.net',
  'fastly.net',
  'fastlylb.net',
  'github.io',
  'githubusercontent.com',
  'gitlab.io',
  'pages.dev',
  'trycloudflare.com',
  'workers.dev',
  'cloudflare.net',
  // Systems
  'app.os.fedoraproject.org',
  'app.os.stg.fedoraproject.org',
  'cloud.fedoraproject.org',
]

const known: ReadonlySet<string> = new Set(customerZones)

/** The longest of the zones that the name is or lies below, else `''`. Lower case, no dot at the end. */
export function customerZoneOf(name: string): string {
  for (let rest = name; ; ) {
    if (known.has(rest)) return rest
    const dot = rest.indexOf('.')
    if (dot < 0) return ''
    rest = rest.slice(dot + 1)
  }
}

/**
 * Whether the name is in one of the zones, and in a part of it that its owner lets nobody else have. A zone that lies below one of customers
 * covers what is named: whoever lists it means that customer.
 */
export function isWithinOwnZone(name: string, zones: readonly string[]): boolean {
  if (!isWithinZone(name, zones)) return false
  const shared = customerZoneOf(name)
  if (shared === '') return true
  for (const zone of zones) {
    if (zone.length > shared.length && isWithinZone(name, [zone])) return true
  }
  return false
}
