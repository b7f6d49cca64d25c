#include "mj/api/server.hpp"

#include "context.hpp"
#include "event_feed.hpp"
#include "guard.hpp"
#include "http.hpp"
#include "mj/http/server.hpp"
#include "mj/runtime/log.hpp"
#include "routes.hpp"

namespace mj::api {

namespace {

/// Paths of the contract. The log stands at the root, where c2sp.org/tlog-tiles has it; everything else is a page or a file.
bool is_operation(std::string_view path) {
  return path == "/api" || path.starts_with("/api/") || path == "/checkpoint" || path == "/keyring" ||
         path == "/trust" || path.starts_with("/tile/") || path.starts_with("/sm3/");
}

}  // namespace

struct Server::Impl {
  Impl(Services services, std::filesystem::path web_dir, std::unique_ptr<http::Server> listening)
      : context(std::move(services), std::move(web_dir)),
        router(
            routes(context),
            [](int status, std::string_view code, std::string_view text) {
              return error_answer(status, code, text);
            },
            "api", "/api/docs shows what there is"),
        feed(context, hub),
        transport(std::move(listening)) {
    context.binding = transport->binding();
  }

  [[nodiscard]] Answer answer(const Request& request) const {
    if (auto refusal = refuse_foreign(request)) return *std::move(refusal);
    const std::string_view path = request.path();
    if (is_operation(path)) return router.answer(request);
    if (request.method != Method::get) {
      Answer refusal = error_answer(405, "method_not_allowed", "pages can only be read");
      refusal.headers.push_back({"Allow", "GET, HEAD"});
      return refusal;
    }
    return context.files.answer(request);
  }

  http::EventHub hub;  ///< before the transport, whose connections read from it
  Context context;
  Router router;
  EventFeed feed;
  std::unique_ptr<http::Server> transport;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Services services) {
  http::ServerOptions transport;
  transport.address = options.address;
  transport.port = options.port;
  transport.name = "api";
  transport.headers = security_headers();
  transport.refusal = [](int status, std::string_view code, std::string_view text) {
    return error_answer(status, code, text);
  };
  transport.takes_files = [](std::string_view target) { return takes_file(target.substr(0, target.find('?'))); };
  MJ_TRY(auto listening, http::Server::listen(std::move(transport)));
  auto impl = std::make_unique<Impl>(std::move(services), options.web_dir, std::move(listening));
  const Impl& shared = *impl;
  impl->transport->serve([&shared](const Request& request) { return shared.answer(request); }, &impl->hub);
  impl->feed.start();
  runtime::log(runtime::Level::info, "api", "http://{}/", impl->context.binding);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  // The feed wakes connections: it ends before they do.
  impl_->feed.stop();
  impl_->transport.reset();
}

std::uint16_t Server::port() const { return impl_->transport->port(); }

void Server::publish_stored(const telemetry::Stored& stored) { impl_->feed.stored(stored); }

void Server::publish_alarm(const alarm::Alarm& alarm, alarm::Change change) {
  impl_->feed.alarm_changed(alarm, change);
}

void Server::publish_order(const devices::Order& order) { impl_->feed.order_changed(order); }

void Server::publish_evidence() { impl_->feed.evidence_changed(); }

void Server::publish_device_event(const devices::DeviceEvent& event) { impl_->feed.device_event(event); }

}  // namespace mj::api
