import type { Agent as HttpAgent, Server as HttpServer } from 'node:http'

export type Agent = HttpAgent
export type Server = HttpServer

/**
 * Node's HTTP, not imported as a module: that reads all that the module exports, and with it loads a whole other client (undici), HTTP/2 and
 * web streams, 13 MB and a twentieth of a second of every process.
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http')
