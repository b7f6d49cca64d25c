#include "mj/witness/service.hpp"

#include <nlohmann/json.hpp>

#include "log_memory.hpp"
#include "mj/http/router.hpp"
#include "mj/http/server.hpp"
#include "status_page.hpp"

namespace mj::witness {
namespace {

http::Answer http_answer(Answer answer) {
  http::Answer sent;
  sent.status = answer.status;
  sent.content_type = std::move(answer.content_type);
  sent.body = std::move(answer.body);
  sent.headers.push_back({"Cache-Control", "no-store"});
  return sent;
}

http::Answer text_answer(std::string content_type, std::string body) {
  return http_answer({200, std::move(content_type), std::move(body)});
}

std::vector<http::Route> routes(Witness& witness, const runtime::Clock& clock) {
  using http::Call;
  using http::Method;
  return {
      {"addCheckpoint", Method::post, "/add-checkpoint",
       [&witness](const Call& call) -> Result<http::Answer> {
         return http_answer(witness.add_checkpoint(call.request->body));
       }},
      {"getCheckpoint", Method::get, "/{origin}/checkpoint",
       [&witness](const Call& call) -> Result<http::Answer> {
         return http_answer(witness.checkpoint_of(call.at("origin")));
       }},
      {"getVerifierKey", Method::get, "/vkey",
       [&witness](const Call&) -> Result<http::Answer> {
         return text_answer("text/plain; charset=utf-8", witness.key().text() + "\n");
       }},
      {"getStatus", Method::get, "/api/status",
       [&witness](const Call&) -> Result<http::Answer> {
         return text_answer("application/json", status_json(witness.key(), witness.remembered()));
       }},
      {"getPage", Method::get, "/",
       [&witness, &clock](const Call&) -> Result<http::Answer> {
         return text_answer("text/html; charset=utf-8", status_page(witness.key(), witness.remembered(), clock()));
       }},
  };
}

}  // namespace

struct Service::Impl {
  Impl(Witness& witness, runtime::Clock now, std::unique_ptr<http::Server> listening)
      : clock(std::move(now)),
        router(routes(witness, clock), http::plain_refusal, "witness", "the page at / shows what there is"),
        server(std::move(listening)) {}

  const runtime::Clock clock;
  http::Router router;
  std::unique_ptr<http::Server> server;
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() { impl_->server.reset(); }

Result<std::unique_ptr<Service>> Service::start(Witness& witness, const std::string& address, std::uint16_t port,
                                                runtime::Clock clock) {
  http::ServerOptions options;
  options.address = address;
  options.port = port;
  options.loopback_only = false;
  options.name = "witness";
  options.headers = {
      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}};
  MJ_TRY(auto server, http::Server::listen(std::move(options)));
  auto impl = std::make_unique<Impl>(witness, std::move(clock), std::move(server));
  impl->server->serve([&router = impl->router](const http::Request& request) { return router.answer(request); });
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

std::uint16_t Service::port() const { return impl_->server->port(); }
std::string Service::binding() const { return impl_->server->binding(); }

std::string status_json(const evidence_format::VerifierKey& key, const std::vector<Remembered>& logs) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Remembered& log : logs) {
    const bool any = !log.note.empty();
    list.push_back({{"origin", log.origin},
                    {"origin_hash", origin_hash(log.origin)},
                    {"watched", log.watched},
                    {"size", log.size},
                    {"cosigned_at", any ? Json(to_iso(log.at)) : Json(nullptr)},
                    {"cosigned", log.cosigned},
                    {"refused", log.refused},
                    {"last_refusal", log.last_refusal.empty() ? Json(nullptr) : Json(log.last_refusal)}});
  }
  return Json{{"name", key.name}, {"key", key.text()}, {"logs", std::move(list)}}.dump(
      2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mj::witness
