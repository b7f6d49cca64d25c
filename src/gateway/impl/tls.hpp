#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "mj/gateway/server.hpp"
#include "mj/kernel/result.hpp"

namespace mj::gateway {

/// The server side of TLS 1.2 and newer. Errors: unavailable naming the file that cannot be used.
[[nodiscard]] Result<std::unique_ptr<boost::asio::ssl::context>> tls_context(const TlsOptions& options);

}  // namespace mj::gateway
