// SM2 with SM3 (GB/T 32918.2-2016) by OpenSSL, which wants and gives signatures in DER; notes hold r ‖ s.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "key_pair.hpp"
#include "openssl_bytes.hpp"
#include "sm2.hpp"

namespace mj::evidence_format {
namespace {

constexpr int kNumberBytes = 32;
constexpr std::size_t kPointBytes = 65;
constexpr const char* kCurve = "SM2";

struct Free {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
  void operator()(EC_POINT* point) const { EC_POINT_free(point); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<EC_GROUP> curve() { return Owned<EC_GROUP>(EC_GROUP_new_by_curve_name(NID_sm2)); }

Owned<BIGNUM> number(BytesView bytes) {
  return Owned<BIGNUM>(BN_bin2bn(openssl_bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

KeyPair import_key(int selection, BytesView point, const BIGNUM* secret) {
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  const std::unique_ptr<EVP_PKEY_CTX, FreeOpenssl> context(EVP_PKEY_CTX_new_from_name(nullptr, kCurve, nullptr));
  if (!builder || !context ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurve, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1 ||
      (secret != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) != 1)) {
    return nullptr;
  }
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder.get()));
  EVP_PKEY* key = nullptr;
  if (!params || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
    return nullptr;
  }
  return KeyPair(key);
}

/// A context that signs or verifies with SM3 under a user id. The id is always set: the library's default is the empty one up to
/// version 3 and another one from 4 on.
struct Operation {
  Operation(EVP_PKEY& key, std::string_view user_id)
      : algorithm(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr)), digest(EVP_MD_CTX_new()) {
    ready = algorithm && digest &&
            EVP_PKEY_CTX_set1_id(algorithm.get(), user_id.data(), static_cast<int>(user_id.size())) == 1;
    if (ready) EVP_MD_CTX_set_pkey_ctx(digest.get(), algorithm.get());
  }
  std::unique_ptr<EVP_PKEY_CTX, FreeOpenssl> algorithm;  ///< outlives `digest`, which does not own it
  std::unique_ptr<EVP_MD_CTX, FreeOpenssl> digest;
  bool ready = false;
};

/// DER of r ‖ s; empty unless both lie in [1, n-1].
Bytes der_of(BytesView raw) {
  const Owned<EC_GROUP> group = curve();
  Owned<BIGNUM> r = number(raw.first(kNumberBytes));
  Owned<BIGNUM> s = number(raw.subspan(kNumberBytes));
  const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
  if (!group || !r || !s || !signature) return {};
  const BIGNUM* order = EC_GROUP_get0_order(group.get());
  for (const BIGNUM* part : {r.get(), s.get()}) {
    if (BN_is_zero(part) || BN_cmp(part, order) >= 0) return {};
  }
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // owned by `signature` now
  static_cast<void>(s.release());
  unsigned char* encoded = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &encoded);
  if (length <= 0) return {};
  const auto* bytes = reinterpret_cast<const std::byte*>(encoded);
  Bytes der(bytes, bytes + length);
  OPENSSL_free(encoded);
  return der;
}

Bytes raw_of(BytesView der) {
  const unsigned char* at = openssl_bytes(der);
  const Owned<ECDSA_SIG> signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!signature) return {};
  Bytes raw(kSignatureBytes);
  const BIGNUM* r = ECDSA_SIG_get0_r(signature.get());
  const BIGNUM* s = ECDSA_SIG_get0_s(signature.get());
  if (BN_bn2binpad(r, openssl_bytes(raw), kNumberBytes) != kNumberBytes ||
      BN_bn2binpad(s, openssl_bytes(raw) + kNumberBytes, kNumberBytes) != kNumberBytes) {
    return {};
  }
  return raw;
}

}  // namespace

KeyPair sm2_public_half(BytesView point) {
  if (point.size() != kPointBytes || point[0] != std::byte{0x04}) return nullptr;
  // A point that is not on the curve is refused by the import; the curve has cofactor 1, so there is nothing more to check.
  return import_key(EVP_PKEY_PUBLIC_KEY, point, nullptr);
}

KeyPair sm2_pair_of_secret(BytesView secret) {
  if (secret.size() != kNumberBytes) return nullptr;
  const Owned<EC_GROUP> group = curve();
  const Owned<BIGNUM> scalar = number(secret);
  const Owned<BIGNUM> limit(group ? BN_dup(EC_GROUP_get0_order(group.get())) : nullptr);
  // GB/T 32918.1 §6.1: d lies in [1, n-2].
  if (!scalar || !limit || BN_sub_word(limit.get(), 1) != 1 || BN_is_zero(scalar.get()) ||
      BN_cmp(scalar.get(), limit.get()) >= 0) {
    return nullptr;
  }
  const Owned<EC_POINT> point(EC_POINT_new(group.get()));
  const Owned<BN_CTX> context(BN_CTX_new());
  Bytes encoded(kPointBytes);
  BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
  if (!point || !context ||
      EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, context.get()) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, openssl_bytes(encoded),
                         encoded.size(), context.get()) != encoded.size()) {
    return nullptr;
  }
  return import_key(EVP_PKEY_KEYPAIR, encoded, scalar.get());
}

Bytes sm2_public_key(const EVP_PKEY& pair) {
  Bytes point(kPointBytes);
  std::size_t length = 0;
  if (EVP_PKEY_get_octet_string_param(&pair, OSSL_PKEY_PARAM_PUB_KEY, openssl_bytes(point), point.size(),
                                      &length) != 1) {
    return {};
  }
  if (length == point.size() && point[0] == std::byte{0x04}) return point;
  // Keys read from a file may give their point in compressed form.
  const Owned<EC_GROUP> group = curve();
  const Owned<EC_POINT> on_curve(group ? EC_POINT_new(group.get()) : nullptr);
  if (!on_curve || EC_POINT_oct2point(group.get(), on_curve.get(), openssl_bytes(point), length, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), on_curve.get(), POINT_CONVERSION_UNCOMPRESSED, openssl_bytes(point),
                         point.size(), nullptr) != point.size()) {
    return {};
  }
  return point;
}

Bytes sm2_sign(EVP_PKEY& pair, BytesView message, std::string_view user_id) {
  const Operation operation(pair, user_id);
  Bytes der(80);  // two integers of at most 33 bytes with their headers take 72
  std::size_t length = der.size();
  if (!operation.ready || EVP_DigestSignInit(operation.digest.get(), nullptr, EVP_sm3(), nullptr, &pair) != 1 ||
      EVP_DigestSign(operation.digest.get(), openssl_bytes(der), &length, openssl_bytes(message),
                     message.size()) != 1) {
    return {};
  }
  return raw_of(BytesView(der).first(length));
}

bool sm2_verify(EVP_PKEY& key, BytesView message, BytesView signature, std::string_view user_id) {
  if (signature.size() != kSignatureBytes) return false;
  const Bytes der = der_of(signature);
  if (der.empty()) return false;
  const Operation operation(key, user_id);
  return operation.ready && EVP_DigestVerifyInit(operation.digest.get(), nullptr, EVP_sm3(), nullptr, &key) == 1 &&
         EVP_DigestVerify(operation.digest.get(), openssl_bytes(der), der.size(), openssl_bytes(message),
                          message.size()) == 1;
}

}  // namespace mj::evidence_format
