#include "mj/evidence_format/timestamp.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "openssl_bytes.hpp"

namespace mj::evidence_format {
namespace {

struct FreeTs {
  void operator()(TS_REQ* request) const { TS_REQ_free(request); }
  void operator()(TS_MSG_IMPRINT* imprint) const { TS_MSG_IMPRINT_free(imprint); }
  void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
  void operator()(ASN1_INTEGER* number) const { ASN1_INTEGER_free(number); }
  void operator()(TS_RESP* response) const { TS_RESP_free(response); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeTs>;

Error refuse(std::string_view why) {
  ERR_clear_error();
  return Error(ErrorCode::damaged, fmt::format("time stamp: {}", why));
}

/// What OpenSSL says last, and of what: "certificate verify error (certificate has expired)".
std::string openssl_reason() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ERR_peek_last_error_data(&data, &flags);
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = reason != nullptr ? reason : "no reason given";
  if (data != nullptr && (flags & ERR_TXT_STRING) != 0 && *data != '\0') text += fmt::format(" ({})", data);
  return text;
}

std::optional<std::int64_t> unix_seconds(const ASN1_GENERALIZEDTIME* time) {
  std::tm fields{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1) return std::nullopt;
  return timegm(&fields);
}

/// The store of what is trusted, asking whether certificates were valid at `seconds`.
Result<Owned<X509_STORE>> trusted_store(std::string_view pem, std::int64_t seconds) {
  Owned<X509_STORE> store(X509_STORE_new());
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!store || !bio) return refuse("the library has no memory");
  std::size_t certificates = 0;
  while (const Owned<X509> certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_cert(store.get(), certificate.get()) != 1)
      return refuse("a trusted certificate cannot be used");
    ++certificates;
  }
  ERR_clear_error();  // the end of the text is an error to the reader
  if (certificates == 0) return refuse("no certificate of a time-stamp authority is trusted");
  X509_VERIFY_PARAM* param = X509_STORE_get0_param(store.get());
  // A trusted certificate need not be a root: a department may trust its authority and nobody above it.
  if (X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
    return refuse("the library takes no flags");
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(seconds));
  return store;
}

Status check_imprint(TS_TST_INFO& info, const Digest& digest) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(&info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  if (OBJ_obj2nid(algorithm) != NID_sha256) return refuse("its digest is none of SHA-256");
  const ASN1_OCTET_STRING* message = TS_MSG_IMPRINT_get_msg(imprint);
  const BytesView stamped(reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(message)),
                          static_cast<std::size_t>(ASN1_STRING_length(message)));
  if (!std::equal(stamped.begin(), stamped.end(), digest.begin(), digest.end()))
    return refuse("it is over another digest");
  return {};
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const Owned<BIGNUM> number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (!number) return {};
  char* text = BN_bn2hex(number.get());
  std::string result = text == nullptr ? "" : text;
  OPENSSL_free(text);
  return result;
}

std::string subject_text(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0,
                                 XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) < 0) {
    return {};
  }
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

/// OpenSSL goes by the key and the digest, whatever signature algorithm the token names. Source: RFC 5652 §5.3.
Status check_signature_algorithm(PKCS7& token) {
  STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(&token);
  if (signers == nullptr || sk_PKCS7_SIGNER_INFO_num(signers) != 1) return refuse("it has not one signer");
  EVP_PKEY* key = nullptr;
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(signers, 0), &key, &digest, &signature);
  const int named = OBJ_obj2nid(signature->algorithm);
  int hash = NID_undef;
  int family = NID_undef;
  const bool fits = named == NID_rsaEncryption ||
                    (OBJ_find_sigid_algs(named, &hash, &family) == 1 && hash == OBJ_obj2nid(digest->algorithm));
  if (!fits) return refuse("it names another signature algorithm than the one it was signed with");
  return {};
}

}  // namespace

Result<Bytes> timestamp_request(const Digest& sha256_digest) {
  const auto fail = [] {
    ERR_clear_error();
    return Error(ErrorCode::unavailable, "the library makes no time-stamp request");
  };
  const Owned<TS_REQ> request(TS_REQ_new());
  const Owned<TS_MSG_IMPRINT> imprint(TS_MSG_IMPRINT_new());
  const Owned<X509_ALGOR> algorithm(X509_ALGOR_new());
  const Owned<ASN1_INTEGER> nonce(ASN1_INTEGER_new());
  std::uint64_t random = 0;
  if (!request || !imprint || !algorithm || !nonce ||
      RAND_bytes(reinterpret_cast<unsigned char*>(&random), sizeof random) != 1 ||
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) != 1 ||
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
      TS_MSG_IMPRINT_set_msg(imprint.get(),
                             const_cast<unsigned char*>(openssl_bytes(BytesView(sha256_digest))),  // copied
                             static_cast<int>(sha256_digest.size())) != 1 ||
      ASN1_INTEGER_set_uint64(nonce.get(), random) != 1 || TS_REQ_set_version(request.get(), 1) != 1 ||
      TS_REQ_set_msg_imprint(request.get(), imprint.get()) != 1 ||
      TS_REQ_set_nonce(request.get(), nonce.get()) != 1 || TS_REQ_set_cert_req(request.get(), 1) != 1) {
    return fail();
  }
  unsigned char* encoded = nullptr;
  const int length = i2d_TS_REQ(request.get(), &encoded);
  if (length <= 0) return fail();
  const auto* bytes = reinterpret_cast<const std::byte*>(encoded);
  Bytes der(bytes, bytes + length);
  OPENSSL_free(encoded);
  return der;
}

Result<Timestamp> check_timestamp(BytesView response_der, const Digest& sha256_digest,
                                  std::string_view trusted_pem) {
  const unsigned char* at = openssl_bytes(response_der);
  const Owned<TS_RESP> response(d2i_TS_RESP(nullptr, &at, static_cast<long>(response_der.size())));
  if (!response || at != openssl_bytes(response_der) + response_der.size()) {
    return refuse("it is no time-stamp response");
  }
  const std::int64_t status =
      ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
    return refuse(fmt::format("the authority refused it (status {})", status));
  PKCS7* token = TS_RESP_get_token(response.get());
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (token == nullptr || info == nullptr) return refuse("it holds no token");
  if (TS_TST_INFO_get_version(info) != 1) return refuse("its version is unknown");
  MJ_CHECK(check_imprint(*info, sha256_digest));
  const auto seconds = unix_seconds(TS_TST_INFO_get_time(info));
  if (!seconds) return refuse("its time is none");

  // Signature, chain up to what is trusted at the token's time, purpose time-stamping, and the certificate named in the token.
  MJ_TRY(const Owned<X509_STORE> store, trusted_store(trusted_pem, *seconds));
  X509* found = nullptr;
  ERR_clear_error();
  const int valid = TS_RESP_verify_signature(token, nullptr, store.get(), &found);
  const Owned<X509> signer(found);
  if (valid != 1 || !signer) return refuse(openssl_reason());
  MJ_CHECK(check_signature_algorithm(*token));
  return Timestamp{Instant::from_ms(1000 * *seconds), subject_text(signer.get()),
                   serial_text(TS_TST_INFO_get_serial(info))};
}

}  // namespace mj::evidence_format
