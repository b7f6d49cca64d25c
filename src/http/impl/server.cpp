#include "mj/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "mj/runtime/coroutine.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Body = wire::string_body;

constexpr std::uint32_t kMaxHeaderBytes = 16U << 10;
/// A client has this long to complete a request, to take an answer, or to ask again on an open connection.
constexpr std::chrono::seconds kPatience{30};
/// And this long to send a file.
constexpr std::chrono::seconds kFilePatience{180};
constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kMaxDrainedBytes = 1U << 20;
/// A stream that takes nothing for this long is cut.
constexpr std::chrono::seconds kStreamPatience{15};

Request request_of(const wire::request<Body>& message) {
  Request request;
  switch (message.method()) {
    case wire::verb::get:
    case wire::verb::head: request.method = Method::get; break;
    case wire::verb::post: request.method = Method::post; break;
    default: request.method = Method::other; break;
  }
  const auto field = [&message](wire::field name) {
    const auto value = message[name];
    return std::string(value.data(), value.size());
  };
  request.method_name = std::string(message.method_string());
  request.target = std::string(message.target());
  request.host = field(wire::field::host);
  request.origin = field(wire::field::origin);
  request.content_type = field(wire::field::content_type);
  request.if_none_match = field(wire::field::if_none_match);
  request.body = message.body();
  return request;
}

template <typename Message>
void set_fields(Message& message, const Answer& answer, const std::vector<Header>& own) {
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  for (const Header& header : own) message.set(header.name, header.value);
  for (const Header& header : answer.headers) message.set(header.name, header.value);
  if (answer.status != 304) message.set(wire::field::content_type, answer.content_type);
}

/// What a broken request is told; none when there is nobody left to tell.
std::optional<Answer> broken_request(const error_code& error, std::uint64_t limit, const ServerOptions& options) {
  if (error == wire::error::end_of_stream || error == wire::error::partial_message) return std::nullopt;
  if (error == wire::error::body_limit) {
    return options.refusal(413, "too_large", fmt::format("the body is longer than {} bytes", limit));
  }
  if (error == wire::error::header_limit || error == wire::error::buffer_overflow) {
    return options.refusal(431, "too_large", fmt::format("the headers are longer than {} bytes", kMaxHeaderBytes));
  }
  if (error.category() == wire::make_error_code(wire::error::bad_method).category()) {
    return options.refusal(400, "invalid_input", fmt::format("this is no HTTP request: {}", error.message()));
  }
  return std::nullopt;
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions given, std::string address)
      : options(std::move(given)), address_text(std::move(address)), workers(options.workers) {}

  const ServerOptions options;
  std::string address_text;
  std::uint16_t port = 0;
  Handle handle;
  EventHub* hub = nullptr;
  std::size_t connections = 0;  ///< network thread only
  std::size_t files = 0;        ///< being taken in or answered; network thread only
  asio::io_context network{1};
  tcp::acceptor acceptor{network};
  asio::thread_pool workers;
  std::jthread thread;

  /// One of the few places for bodies that are files; held from the header to the answer.
  class FileTurn {
   public:
    FileTurn(Impl& server, std::string_view target)
        : server_(server),
          wanted_(!target.empty() && server.options.takes_files && server.options.takes_files(target)) {
      taken_ = wanted_ && server.files < server.options.max_files_at_once;
      if (taken_) ++server.files;
    }
    ~FileTurn() {
      if (taken_) --server_.files;
    }
    FileTurn(const FileTurn&) = delete;
    FileTurn& operator=(const FileTurn&) = delete;
    [[nodiscard]] bool wanted() const { return wanted_; }
    [[nodiscard]] bool taken() const { return taken_; }

   private:
    Impl& server_;
    bool wanted_;
    bool taken_ = false;
  };

  asio::awaitable<void> accept() {
    for (;;) {
      error_code failed;
      tcp::socket socket(network);
      co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, failed));
      if (failed) {
        // Out of descriptors, mostly: wait until some are free instead of spinning.
        runtime::log(runtime::Level::warning, options.name, "cannot accept: {}", failed.message());
        asio::steady_timer pause(network, std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      if (connections >= options.max_connections) continue;
      ++connections;
      asio::co_spawn(network, converse(beast::tcp_stream(std::move(socket))),
                     [this](const std::exception_ptr& thrown) {
                       --connections;
                       if (thrown)
                         runtime::log(runtime::Level::error, options.name, "a connection ended with an exception");
                     });
    }
  }

  asio::awaitable<void> converse(beast::tcp_stream stream) {
    error_code failed;
    stream.socket().set_option(tcp::no_delay(true), failed);
    beast::flat_buffer buffer(kMaxHeaderBytes + options.max_body_bytes);
    for (bool more = true; more;) {
      wire::request_parser<Body> parser;
      parser.header_limit(kMaxHeaderBytes);
      parser.body_limit(boost::none);  // known when the target is
      stream.expires_after(kPatience);
      co_await wire::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
      std::uint64_t limit = options.max_body_bytes;
      const FileTurn turn(*this, failed ? std::string_view() : std::string_view(parser.get().target()));
      if (turn.wanted() && !turn.taken()) {
        const Answer busy = options.refusal(503, "unavailable", "other files are being taken in; try again");
        co_await send(stream, busy, 11, false, false);
        co_await drain(stream);
        break;
      }
      if (turn.taken()) limit = options.max_file_bytes;
      if (!failed && parser.content_length().value_or(0) > limit) failed = wire::error::body_limit;
      if (!failed) {
        parser.body_limit(limit);
        if (turn.taken()) stream.expires_after(kFilePatience);
        co_await wire::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
      }
      if (failed) {
        if (const auto answer = broken_request(failed, limit, options)) {
          stream.expires_after(kPatience);
          co_await send(stream, *answer, 11, false, false);
          co_await drain(stream);
        }
        break;
      }
      const wire::request<Body> message = parser.release();
      const bool head = message.method() == wire::verb::head;
      const Request request = request_of(message);
      Answer answer =
          co_await asio::co_spawn(workers.get_executor(), answer_on_worker(request), asio::use_awaitable);
      if (answer.stream && !head) {
        co_await stream_events(stream, answer);
        break;
      }
      more = message.keep_alive() && !answer.stream;
      stream.expires_after(kPatience);
      if (!co_await send(stream, answer, message.version(), more, head)) break;
    }
    stream.socket().shutdown(tcp::socket::shutdown_both, failed);
  }

  asio::awaitable<Answer> answer_on_worker(const Request& request) const { co_return answer_to(request); }

  Answer answer_to(const Request& request) const {
    try {
      Answer answer = handle(request);
      if (!answer.stream || hub != nullptr) return answer;
      runtime::log(runtime::Level::error, options.name, "{}: no events here", request.target);
    } catch (const std::exception& exception) {
      // A library threw where we expected none: the request fails, the server goes on.
      runtime::log(runtime::Level::error, options.name, "{} {}: {}", request.method_name, request.target,
                   exception.what());
    }
    return refuse(options.refusal,
                  Error(ErrorCode::internal, "the server failed at this request; its log says why"));
  }

  /// Takes in a little of what a refused client still sends: closing on unread bytes would reset the connection before it has
  /// read the refusal.
  static asio::awaitable<void> drain(beast::tcp_stream& stream) {
    error_code failed;
    stream.socket().shutdown(tcp::socket::shutdown_send, failed);
    stream.expires_after(kLinger);
    std::array<char, 16384> ignored;
    for (std::size_t taken = 0; !failed && taken < kMaxDrainedBytes;) {
      taken += co_await stream.async_read_some(asio::buffer(ignored),
                                               asio::redirect_error(asio::use_awaitable, failed));
    }
  }

  /// False when the peer is gone.
  asio::awaitable<bool> send(beast::tcp_stream& stream, const Answer& answer, unsigned version, bool keep_alive,
                             bool head) {
    error_code failed;
    const auto status = static_cast<unsigned>(answer.status);
    if (head || answer.status == 304) {
      wire::response<wire::empty_body> message(wire::int_to_status(status), version);
      set_fields(message, answer, options.headers);
      if (answer.status != 304 && !answer.stream) message.content_length(answer.body.size());
      message.keep_alive(keep_alive);
      wire::response_serializer<wire::empty_body> serializer(message);
      co_await wire::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, failed));
    } else {
      wire::response<wire::span_body<const char>> message(wire::int_to_status(status), version);
      set_fields(message, answer, options.headers);
      message.body() = beast::span<const char>(answer.body.data(), answer.body.size());
      message.keep_alive(keep_alive);
      message.prepare_payload();
      co_await wire::async_write(stream, message, asio::redirect_error(asio::use_awaitable, failed));
    }
    co_return !failed;
  }

  /// Sends events until the client goes or falls behind. The stream ends with the connection, so it needs no chunks
  /// (RFC 9112 §6.3 rule 8); a client that went away is found by the next event, at the latest after a second.
  asio::awaitable<void> stream_events(beast::tcp_stream& stream, const Answer& answer) {
    auto alarm_clock = std::make_shared<asio::steady_timer>(network, asio::steady_timer::time_point::max());
    const auto subscription = hub->subscribe([this, weak = std::weak_ptr(alarm_clock)] {
      asio::post(network, [weak] {
        if (const auto timer = weak.lock()) timer->cancel();
      });
    });
    stream.expires_after(kStreamPatience);
    if (!subscription) {
      co_await send(stream, options.refusal(503, "unavailable", "too many event streams are open; close a window"),
                    11, false, false);
      co_return;
    }
    error_code failed;
    wire::response<wire::empty_body> message(wire::status::ok, 11);
    set_fields(message, answer, options.headers);
    message.keep_alive(false);
    wire::response_serializer<wire::empty_body> serializer(message);
    co_await wire::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, failed));
    std::string text = answer.body;
    while (!failed && !subscription->overrun()) {
      for (const auto& event : subscription->take()) text += *event;
      if (text.empty()) {
        stream.expires_never();
        co_await alarm_clock->async_wait(asio::redirect_error(asio::use_awaitable, failed));
        failed.clear();
        continue;
      }
      stream.expires_after(kStreamPatience);
      co_await asio::async_write(stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, failed));
      text.clear();
    }
  }
};

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options) {
  error_code failed;
  const auto ip = asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, failed);
  if (failed) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("\"{}\" is no address to listen on; use 127.0.0.1", options.address));
  }
  if (options.loopback_only && !ip.is_loopback()) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("refusing to listen on {}: there is no login yet, so the server may be reached from "
                             "this machine only; use "
                             "127.0.0.1 (and a tunnel, for example ssh -L, from elsewhere)",
                             options.address));
  }
  const std::uint16_t port = options.port;
  auto impl = std::make_unique<Impl>(std::move(options), ip.to_string());
  const tcp::endpoint endpoint(ip, port);
  impl->acceptor.open(endpoint.protocol(), failed);
  if (!failed) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) impl->acceptor.bind(endpoint, failed);
  if (!failed) impl->acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return Error(ErrorCode::unavailable, fmt::format("cannot listen on {} port {}: {}; choose another port",
                                                     impl->address_text, port, failed.message()));
  }
  impl->port = impl->acceptor.local_endpoint(failed).port();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

void Server::serve(Handle handle, EventHub* hub) {
  impl_->handle = std::move(handle);
  impl_->hub = hub;
  asio::co_spawn(impl_->network, impl_->accept(), runtime::LogFailure{impl_->options.name});
  impl_->thread =
      runtime::start_thread(impl_->options.name + "-network", [this](std::stop_token) { impl_->network.run(); });
}

Server::~Server() {
  impl_->network.stop();
  impl_->thread = std::jthread();
  // Handlers speak to stores that are closed after us: let the running ones end. Their answers go down with the connections.
  impl_->workers.join();
}

std::uint16_t Server::port() const { return impl_->port; }

std::string Server::binding() const {
  const bool v6 = impl_->address_text.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", impl_->address_text, v6 ? "]" : "", impl_->port);
}

}  // namespace mj::http
