#include "retire_digest.hpp"

#include <openssl/evp.h>

namespace mj::evidence {
namespace {

EVP_MD_CTX* as_context(const std::shared_ptr<void>& context) { return static_cast<EVP_MD_CTX*>(context.get()); }

Error refused() { return Error(ErrorCode::internal, "the library cannot compute SHA-256"); }

}  // namespace

SegmentDigest::SegmentDigest()
    : context_(EVP_MD_CTX_new(), [](void* context) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }) {
  if (context_ && EVP_DigestInit_ex(as_context(context_), EVP_sha256(), nullptr) != 1) context_.reset();
}

Status SegmentDigest::update(BytesView piece) {
  if (!context_ || EVP_DigestUpdate(as_context(context_), piece.data(), piece.size()) != 1) return refused();
  return {};
}

Result<Digest> SegmentDigest::finish() {
  Digest digest{};
  unsigned size = 0;
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  if (!context_ || EVP_DigestFinal_ex(as_context(context_), out, &size) != 1 || size != digest.size())
    return refused();
  return digest;
}

}  // namespace mj::evidence
