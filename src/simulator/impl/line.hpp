#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mj/hj212/framer.hpp"
#include "mj/kernel/instant.hpp"
#include "wire.hpp"

namespace mj::simulator {

namespace asio = boost::asio;

/// What a line tells its owner. Called on the thread of the io_context, with the number the line was made with.
struct LineListener {
  std::function<void(std::uint32_t line)> up;
  std::function<void(std::uint32_t line, BytesView bytes)> bytes;
  std::function<void(std::uint32_t line, bool was_up)> down;
  std::function<void(std::uint32_t line)> written;  ///< next_wake() may have changed
  std::function<Instant()> now;
};

/// The connection of one device: small, since ten thousand stand in one process. Plain lines read into one common buffer
/// when there is something to read. What is written goes out in order, with the pauses that emissions ask for.
class Line {
 public:
  /// `listener`, `common` and `tls` (null: plain) outlive the line.
  Line(asio::io_context& io, std::uint32_t number, const LineListener& listener, std::vector<char>& common,
       asio::ssl::context* tls);

  void connect(const asio::ip::tcp::endpoint& endpoint);
  /// Closes without telling the listener.
  void close();
  [[nodiscard]] bool is_up() const { return state_ == State::up; }
  [[nodiscard]] bool is_down() const { return state_ == State::down; }

  void write(std::vector<Emission> emissions, Instant now);
  /// Writes what was held back until now.
  void wake(Instant now);
  /// When wake() has something to do.
  [[nodiscard]] Instant next_wake() const { return hold_until_; }

  [[nodiscard]] hj212::Framer& framer() { return framer_; }

 private:
  enum class State : std::uint8_t { down, connecting, up };
  struct Secure {
    Secure(asio::ip::tcp::socket& socket, asio::ssl::context& context) : stream(socket, context) {}
    asio::ssl::stream<asio::ip::tcp::socket&> stream;
    std::array<char, 4096> received{};
  };
  void opened();
  void read();
  void fail();
  void flush(Instant now);

  asio::ip::tcp::socket socket_;
  std::unique_ptr<Secure> secure_;
  asio::ssl::context* tls_;
  const LineListener& listener_;
  std::vector<char>& common_;
  std::uint32_t number_;
  std::uint32_t generation_ = 0;  ///< handlers of an earlier connection are known by it
  State state_ = State::down;
  hj212::Framer framer_;
  std::vector<Emission> queue_;
  std::string writing_;
  Instant hold_until_ = Instant::from_ms(INT64_MAX);  ///< the first of the queue waits until then
  bool pausing_ = false;                              ///< for its pause, not for company
};

}  // namespace mj::simulator
