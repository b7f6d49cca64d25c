#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>

#include "scene.hpp"

namespace mj::gateway {
namespace {

using testing::HasSubstr;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Deleter<SSL_free>>;

/// A key and a certificate, self-signed or signed by `issuer`, written as PEM.
struct Identity {
  explicit Identity(const char* name, const Identity* issuer = nullptr)
      : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), issuer == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(),
                         issuer == nullptr ? subject : X509_get_subject_name(issuer->certificate.get()));
    if (issuer == nullptr) {
      X509_EXTENSION* authority = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
      X509_add_ext(certificate.get(), authority, -1);
      X509_EXTENSION_free(authority);
    }
    X509_sign(certificate.get(), issuer == nullptr ? key.get() : issuer->key.get(), EVP_sha256());
  }
  void write(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file) const {
    std::FILE* file = std::fopen(certificate_file.c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    file = std::fopen(key_file.c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  KeyPtr key;
  CertificatePtr certificate;
};

/// A device that speaks TLS and trusts one certificate.
class TlsPeer {
 public:
  TlsPeer(std::uint16_t port, const Identity& trusted, const Identity* own = nullptr, int newest = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())),
        bio_(BIO_new_connect(fmt::format("127.0.0.1:{}", port).c_str())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), trusted.certificate.get());
    SSL_CTX_set_max_proto_version(context_.get(), newest);
    // Old versions are below the default security level; the refusal shall be the server's.
    if (newest < TLS1_2_VERSION) SSL_CTX_set_security_level(context_.get(), 0);
    if (own != nullptr) {
      SSL_CTX_use_certificate(context_.get(), own->certificate.get());
      SSL_CTX_use_PrivateKey(context_.get(), own->key.get());
    }
    ssl_.reset(SSL_new(context_.get()));
    if (BIO_do_connect(bio_) != 1) return;
    SSL_set_bio(ssl_.get(), bio_, bio_);
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
  void send(std::string_view text) const {
    ASSERT_EQ(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())), static_cast<int>(text.size()));
  }
  std::string receive(std::size_t size) const {
    std::string text(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const int more = SSL_read(ssl_.get(), text.data() + got, static_cast<int>(size - got));
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    text.resize(got);
    return text;
  }
  std::string receive_frame() const {
    const std::string head = receive(6);
    return head.size() < 6 ? head : head + receive(static_cast<std::size_t>(std::stoi(head.substr(2))) + 6);
  }

 private:
  ContextPtr context_;
  BIO* bio_;
  SslPtr ssl_;
  bool connected_ = false;
};

class TlsTest : public Scene {
 protected:
  ServerOptions options() {
    identity.write(folder / "server.pem", folder / "server.key");
    ServerOptions made;
    made.tls = TlsOptions{0, folder / "server.pem", folder / "server.key", {}};
    return made;
  }
  static std::string upload() {
    return hj212::frame(
        segment("20160801085857223", "32", "2011", "DataTime=20160801085857;w01018-Rtd=1.1", 5, "123456"));
  }
  Identity identity{"gateway"};
};

TEST_F(TlsTest, FramesAndCommandsGoThroughTls) {
  start(options());
  ASSERT_TRUE(server->tls_port());
  const TlsPeer peer(*server->tls_port(), identity);
  ASSERT_TRUE(peer.connected());
  EXPECT_EQ(peer.version(), "TLSv1.3");
  peer.send(upload());
  EXPECT_EQ(
      peer.receive_frame(),
      "##0087QN=20160801085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&3240\r\n");
  EXPECT_THAT(recorded(1), testing::ElementsAre(upload()));
  EXPECT_TRUE(server->links().at(0).tls);
  server->submit(order(7, "1061"));
  const std::string request = peer.receive_frame();
  EXPECT_THAT(request, HasSubstr("CN=1061"));
  peer.send(hj212::frame(segment(header_value(request, "QN"), "91", "9012", "ExeRtn=1")));
  EXPECT_EQ(steps(7).back(), "result→done 1");
}

TEST_F(TlsTest, ABurstLargerThanARecordArrivesWhole) {
  start(options());
  const TlsPeer peer(*server->tls_port(), identity, nullptr, TLS1_2_VERSION);
  ASSERT_TRUE(peer.connected());
  EXPECT_EQ(peer.version(), "TLSv1.2");
  std::string burst;
  for (int number = 0; number < 500; ++number) burst += upload();
  peer.send(burst);
  for (int number = 0; number < 500; ++number) ASSERT_THAT(peer.receive_frame(), HasSubstr("CN=9014"));
  EXPECT_EQ(log->size(), 500U);
}

TEST_F(TlsTest, VersionsBefore12AreRefused) {
  start(options());
  EXPECT_FALSE(TlsPeer(*server->tls_port(), identity, nullptr, TLS1_1_VERSION).connected());
}

TEST_F(TlsTest, WithAnAuthorityOnlyItsDevicesGetIn) {
  const Identity authority("authority");
  const Identity device("device", &authority);
  const Identity foreign("foreign");
  ServerOptions with_authority = options();
  authority.write(folder / "ca.pem", folder / "ca.key");
  with_authority.tls->client_ca = folder / "ca.pem";
  start(with_authority);
  const TlsPeer allowed(*server->tls_port(), identity, &device);
  ASSERT_TRUE(allowed.connected());
  allowed.send(upload());
  EXPECT_THAT(allowed.receive_frame(), HasSubstr("CN=9014"));
  // With TLS 1.3 the client learns of the refusal when it reads; no byte of theirs is taken.
  for (const Identity* wrong : {static_cast<const Identity*>(nullptr), &foreign}) {
    const TlsPeer refused(*server->tls_port(), identity, wrong);
    EXPECT_EQ(refused.receive(1), "");
  }
  EXPECT_EQ(log->size(), 1U);
}

TEST_F(TlsTest, AHandshakeThatDoesNotEndIsGivenUp) {
  ServerOptions impatient = options();
  impatient.incomplete_timeout_ms = 200;
  start(impatient);
  const Peer silent(*server->tls_port());
  silent.receive(1);
  EXPECT_TRUE(silent.closed_by_peer);
  EXPECT_EQ(server->figures().timed_out, 1U);
  const Peer plain(*server->tls_port());
  plain.send("##0101QN=2016");
  plain.receive(4096);
  EXPECT_EQ(log->size(), 0U);
}

TEST_F(TlsTest, AFileThatCannotBeUsedIsNamed) {
  ServerOptions broken = options();
  broken.port = 0;
  broken.tls->key = folder / "none.key";
  const auto started =
      Server::start(broken, *log, Knowledge{network, *devices, tables()}, [] { return Instant(); });
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().text(), HasSubstr("none.key"));
}

}  // namespace
}  // namespace mj::gateway
