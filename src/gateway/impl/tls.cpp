#include "tls.hpp"

#include <fmt/format.h>

namespace mj::gateway {

namespace ssl = boost::asio::ssl;

Result<std::unique_ptr<ssl::context>> tls_context(const TlsOptions& options) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  boost::system::error_code failure;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                           ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                       failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("TLS: {}", failure.message()));
  // Idle devices outnumber busy ones: OpenSSL gives its 34 KiB of record buffers back between records.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  // Without a name of its own OpenSSL refuses to resume a session of a client with a certificate.
  constexpr std::array<unsigned char, 8> kSessions{'m', 'j', '-', 'h', 'j', '2', '1', '2'};
  SSL_CTX_set_session_id_context(context->native_handle(), kSessions.data(), kSessions.size());
  const auto fault = [&failure](std::string_view what, const std::filesystem::path& file) {
    return Error(ErrorCode::unavailable, fmt::format("TLS {} {}: {}", what, file.string(), failure.message()));
  };
  if (context->use_certificate_chain_file(options.certificate.string(), failure); failure)
    return fault("certificate", options.certificate);
  if (context->use_private_key_file(options.key.string(), ssl::context::pem, failure); failure)
    return fault("key", options.key);
  if (!options.client_ca.empty()) {
    if (context->load_verify_file(options.client_ca.string(), failure); failure)
      return fault("authority of clients", options.client_ca);
    if (context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, failure); failure)
      return fault("authority of clients", options.client_ca);
  }
  return context;
}

}  // namespace mj::gateway
