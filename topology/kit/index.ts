export { defineErrors, type ErrorRow, WeirError } from './errors.ts'
