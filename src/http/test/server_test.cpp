#include "mj/http/server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "mj/http/client.hpp"
#include "mj/http/router.hpp"

namespace mj::http::test {
namespace {

using testing::HasSubstr;

Answer text(std::string body) {
  Answer answer;
  answer.body = std::move(body);
  return answer;
}

/// A service of three operations on a real port.
struct Service {
  explicit Service(ServerOptions options = {})
      : router({Route{"echo", Method::post, "/echo",
                      [](const Call& call) -> Result<Answer> {
                        return text(call.request->content_type + "|" + call.request->body);
                      }},
                Route{"item", Method::get, "/items/{id}",
                      [](const Call& call) -> Result<Answer> {
                        if (call.at("id") == "none") return Error(ErrorCode::not_found, "there is no such item");
                        MJ_CHECK(call.query.only({"limit"}));
                        return text(call.at("id") + " " + call.query.find("limit").value_or("-"));
                      }},
                Route{"throws", Method::get, "/throws",
                      [](const Call&) -> Result<Answer> { throw std::runtime_error("a library failed"); }},
                Route{"stream", Method::get, "/stream",
                      [](const Call&) -> Result<Answer> {
                        Answer answer = text("retry: 2000\n\n");
                        answer.stream = true;
                        return answer;
                      }}},
               plain_refusal, "test", "see /help"),
        server(*Server::listen(std::move(options))),
        client(*Client::connect("http://" + server->binding())) {
    server->serve([this](const Request& request) { return router.answer(request); });
  }
  Router router;
  std::unique_ptr<Server> server;
  Client client;
};

/// Sends bytes no client library would send, reads until the server closes.
std::string converse(std::uint16_t port, std::string_view bytes) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string all;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    static_cast<void>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    char part[4096];
    for (ssize_t got = 0; (got = ::recv(socket, part, sizeof part, 0)) > 0;) {
      all.append(part, static_cast<std::size_t>(got));
    }
  }
  ::close(socket);
  return all;
}

TEST(Server, AClientGetsAndPostsOverOneConnection) {
  const Service service;
  const auto item = service.client.get("/items/a%20b?limit=5");
  ASSERT_TRUE(item) << item.error().text();
  EXPECT_EQ(item->status, 200);
  EXPECT_EQ(item->content_type, "text/plain");
  EXPECT_EQ(item->body, "a b 5");
  const std::string body = "any\0bytes", type = "application/timestamp-query";
  const auto echo = service.client.post("/echo", type, std::string_view("any\0bytes", 9));
  ASSERT_TRUE(echo) << echo.error().text();
  EXPECT_EQ(echo->body, type + "|" + std::string("any\0bytes", 9));
}

TEST(Server, FailuresAreAnswersWithTheirStatusAndText) {
  const Service service;
  EXPECT_EQ(service.client.get("/items/none")->status, 404);
  EXPECT_EQ(service.client.get("/items/none")->body, "there is no such item\n");
  EXPECT_EQ(service.client.get("/nothing")->status, 404);
  EXPECT_THAT(service.client.get("/nothing")->body, HasSubstr("see /help"));
  EXPECT_EQ(service.client.get("/items/1?other=1")->status, 400);
  EXPECT_EQ(service.client.get("/items/1?limit=%zz")->status, 400);
  EXPECT_EQ(service.client.post("/items/1", "text/plain", "")->status, 405);
  EXPECT_EQ(service.client.get("/throws")->status, 500);
  EXPECT_EQ(service.client.get("/stream")->status, 500) << "this server has no events";
}

TEST(Server, WhatIsTooLongOrNoHttpIsRefusedAndCut) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  const Service service(options);
  EXPECT_EQ(service.client.post("/echo", "text/plain", std::string(1000, 'x'))->status, 200);
  EXPECT_EQ(service.client.post("/echo", "text/plain", std::string(1001, 'x'))->status, 413);
  const std::uint16_t port = service.server->port();
  EXPECT_THAT(converse(port, "GET / HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n"),
              HasSubstr("HTTP/1.1 431"));
  EXPECT_THAT(converse(port, "\x16\x03\x01 what is this\r\n\r\n"), HasSubstr("HTTP/1.1 400"));
  EXPECT_EQ(service.client.get("/items/1")->status, 200);
}

TEST(Server, OnlyTargetsThatTakeFilesTakeLongBodiesAndOnlySoManyAtOnce) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  options.max_file_bytes = 100'000;
  options.takes_files = [](std::string_view target) { return target.starts_with("/echo"); };
  const Service service(options);
  EXPECT_EQ(service.client.post("/echo", "text/plain", std::string(100'000, 'x'))->status, 200);
  EXPECT_EQ(service.client.post("/echo", "text/plain", std::string(100'001, 'x'))->status, 413);
  EXPECT_EQ(service.client.post("/items/1", "text/plain", std::string(1001, 'x'))->status, 413);
  options.max_files_at_once = 0;
  const Service full(options);
  EXPECT_EQ(full.client.post("/echo", "text/plain", "x")->status, 503);
}

TEST(Server, OnlyLoopbackIsBoundUnlessTheOwnerSaysOtherwise) {
  for (const char* address : {"0.0.0.0", "::", "192.168.1.5", "example.org", ""}) {
    ServerOptions options;
    options.address = address;
    const auto refused = Server::listen(options);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input) << address;
  }
  ServerOptions open;
  open.address = "0.0.0.0";
  open.loopback_only = false;
  const Service service(open);
  EXPECT_EQ(Client::connect(fmt::format("http://127.0.0.1:{}", service.server->port()))->get("/items/1")->status,
            200);
  open.port = service.server->port();
  const auto taken = Server::listen(open);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), ErrorCode::unavailable);
}

TEST(Server, EveryAnswerForbidsSniffingAndCarriesTheOwnersHeaders) {
  ServerOptions options;
  options.headers = {{"Content-Security-Policy", "default-src 'self'"}};
  const Service service(options);
  const std::string all = converse(service.server->port(), "GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(all, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(all, HasSubstr("Content-Security-Policy: default-src 'self'\r\n"));
  EXPECT_THAT(converse(Service().server->port(), "GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n"),
              HasSubstr("Content-Security-Policy: default-src 'none'"));
}

TEST(Server, ManyClientsAtOnceAreAllAnswered) {
  const Service service;
  std::vector<std::jthread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&service, &good, i] {
      const auto client = Client::connect("http://" + service.server->binding());
      for (int j = 0; j < 25; ++j) {
        const std::string id = fmt::format("{}-{}", i, j);
        const auto response = client->get("/items/" + id);
        if (response && response->body == id + " -") ++good;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(good, 200);
}

TEST(Client, ASilentOrAbsentServerIsUnavailableInTime) {
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(silent, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(silent, 1), 0);
  socklen_t length = sizeof address;
  ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string url = fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port));
  const auto late = Client::connect(url, 100)->get("/");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(late.error().text(), HasSubstr(url));
  ::close(silent);
  const auto absent = Client::connect(url, 1000)->get("/");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), ErrorCode::unavailable);
}

TEST(Client, OnlyAddressesOfServersAreTaken) {
  for (const char* url : {"", "127.0.0.1:8080", "ftp://127.0.0.1", "file:///etc/passwd", "http://", "http://a b/",
                          "http://127.0.0.1/?x=1", "http://127.0.0.1/#x", "http://127.0.0.1\r\nX: y"}) {
    const auto client = Client::connect(url);
    ASSERT_FALSE(client) << url;
    EXPECT_EQ(client.error().code(), ErrorCode::invalid_input) << url;
  }
  EXPECT_EQ(Client::connect("http://127.0.0.1:8080/prefix/")->url(), "http://127.0.0.1:8080/prefix");
}

TEST(Client, EscapesEverythingThatIsNotUnreserved) {
  // Expected by RFC 3986 §2.3: unreserved characters stay.
  EXPECT_EQ(Client::escape("A-z.0_~"), "A-z.0_~");
  EXPECT_EQ(Client::escape("a/b ?&=\"明"), "a%2Fb%20%3F%26%3D%22%E6%98%8E");
  EXPECT_EQ(percent_decode(Client::escape("a/b +%明")), "a/b +%明");
}

TEST(Message, TextOfAPageCannotBecomeMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

}  // namespace
}  // namespace mj::http::test
