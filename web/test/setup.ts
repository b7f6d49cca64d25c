import { webcrypto } from 'node:crypto'

// Browsers and newer Node have it; Node 18 keeps it behind a flag.
globalThis.crypto ??= webcrypto as Crypto
