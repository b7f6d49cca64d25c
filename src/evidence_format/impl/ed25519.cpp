#include "ed25519.hpp"

namespace mj::evidence_format {

Bytes ed25519_sign(EVP_PKEY& pair, BytesView message) {
  const std::unique_ptr<EVP_MD_CTX, FreeOpenssl> context(EVP_MD_CTX_new());
  Bytes signature(kSignatureBytes);
  std::size_t length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &pair) != 1 ||
      EVP_DigestSign(context.get(), openssl_bytes(signature), &length, openssl_bytes(message), message.size()) !=
          1 ||
      length != signature.size()) {
    return {};
  }
  return signature;
}

bool ed25519_verify(EVP_PKEY& key, BytesView message, BytesView signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeOpenssl> context(EVP_MD_CTX_new());
  return context && signature.size() == kSignatureBytes &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
         EVP_DigestVerify(context.get(), openssl_bytes(signature), signature.size(), openssl_bytes(message),
                          message.size()) == 1;
}

}  // namespace mj::evidence_format
