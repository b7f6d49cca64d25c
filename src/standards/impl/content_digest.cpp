#include "content_digest.hpp"

#include <openssl/evp.h>

#include "mj/kernel/bytes.hpp"

namespace mj::standards {
namespace {

EVP_MD_CTX* state(void* context) { return static_cast<EVP_MD_CTX*>(context); }

}  // namespace

void ContentDigest::Free::operator()(void* context) const { EVP_MD_CTX_free(state(context)); }

ContentDigest::ContentDigest() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(state(context_.get()), EVP_sha256(), nullptr);
}

void ContentDigest::add(std::string_view name, std::string_view content) {
  const std::string head = fmt::format("{}\n{}\n", name, content.size());
  EVP_DigestUpdate(state(context_.get()), head.data(), head.size());
  EVP_DigestUpdate(state(context_.get()), content.data(), content.size());
}

std::string ContentDigest::hex() {
  Digest digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state(context_.get()), reinterpret_cast<unsigned char*>(digest.data()), &size);
  return to_hex(digest);
}

}  // namespace mj::standards
