// sm-crypto-v2 looks for Node's module where there is no `globalThis.crypto`. A browser has that one, and here only signatures are checked.
export {}
