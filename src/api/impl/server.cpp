#include "mj/api/server.hpp"

#include <exception>

#include "context.hpp"
#include "event_feed.hpp"
#include "guard.hpp"
#include "http_server.hpp"
#include "mj/runtime/log.hpp"
#include "router.hpp"
#include "routes.hpp"

namespace mj::api {

struct Server::Impl {
  Impl(Services services, std::filesystem::path web_dir, std::unique_ptr<HttpServer> listening)
      : context(std::move(services), std::move(web_dir)),
        router(routes(context)),
        feed(context, hub),
        http(std::move(listening)) {
    context.binding = http->binding();
  }

  [[nodiscard]] Answer answer(const Request& request) const {
    if (auto refusal = refuse_foreign(request)) return *std::move(refusal);
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    if (path == "/api" || path.starts_with("/api/")) return router.answer(request);
    if (request.method != Method::get) {
      Answer refusal = error_answer(405, "method_not_allowed", "pages can only be read");
      refusal.headers.push_back({"Allow", "GET, HEAD"});
      return refusal;
    }
    return context.files.answer(request);
  }

  EventHub hub;  ///< before the transport, whose connections read from it
  Context context;
  Router router;
  EventFeed feed;
  std::unique_ptr<HttpServer> http;
};

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Services services) {
  MJ_TRY(auto http, HttpServer::listen(options.address, options.port));
  auto impl = std::make_unique<Impl>(std::move(services), options.web_dir, std::move(http));
  const Impl& shared = *impl;
  impl->http->serve(
      [&shared](const Request& request) {
        try {
          return shared.answer(request);
        } catch (const std::exception& exception) {
          runtime::log(runtime::Level::error, "api", "{} {}: {}", request.method_name, request.target,
                       exception.what());
          return error_answer(Error(ErrorCode::internal, "the server failed at this request; its log says why"));
        }
      },
      impl->hub);
  impl->feed.start();
  runtime::log(runtime::Level::info, "api", "http://{}/", impl->context.binding);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  // The feed wakes connections: it ends before they do.
  impl_->feed.stop();
  impl_->http.reset();
}

std::uint16_t Server::port() const { return impl_->http->port(); }

void Server::publish_stored(const telemetry::Stored& stored) { impl_->feed.stored(stored); }

void Server::publish_alarm(const alarm::Alarm& alarm, alarm::Change change) {
  impl_->feed.alarm_changed(alarm, change);
}

void Server::publish_order(const devices::Order& order) { impl_->feed.order_changed(order); }

void Server::publish_device_event(const devices::DeviceEvent& event) { impl_->feed.device_event(event); }

}  // namespace mj::api
