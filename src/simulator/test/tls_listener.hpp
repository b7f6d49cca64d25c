#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace mj::simulator::testing {

/// Takes one TLS connection with a certificate made on the spot and keeps the first bytes that come.
class TlsListener {
 public:
  TlsListener() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.native_handle(), key.get());
    stream_ = std::make_unique<Stream>(io_, context_);  // takes the certificate over from the context now
    acceptor_.async_accept(stream_->lowest_layer(), [this](const boost::system::error_code& failure) {
      if (failure) return;
      stream_->async_handshake(boost::asio::ssl::stream_base::server,
                               [this](const boost::system::error_code& refused) {
                                 if (!refused) read();
                               });
    });
    thread_ = std::thread([this] { io_.run(); });
  }
  ~TlsListener() {
    io_.stop();
    thread_.join();
  }
  TlsListener(const TlsListener&) = delete;
  TlsListener& operator=(const TlsListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::string first() const {
    const std::lock_guard lock(mutex_);
    return first_;
  }
  std::function<void()> on_first_bytes;

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  void read() {
    stream_->async_read_some(boost::asio::buffer(received_),
                             [this](const boost::system::error_code& failure, std::size_t got) {
                               if (failure) return;
                               {
                                 const std::lock_guard lock(mutex_);
                                 first_.assign(received_.data(), got);
                               }
                               on_first_bytes();
                             });
  }

  boost::asio::io_context io_{1};
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::unique_ptr<Stream> stream_;
  std::array<char, 4096> received_{};
  mutable std::mutex mutex_;
  std::string first_;
  std::thread thread_;
};

}  // namespace mj::simulator::testing
