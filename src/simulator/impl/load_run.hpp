#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "load_frame.hpp"
#include "mj/simulator/load.hpp"

namespace mj::simulator {

namespace asio = boost::asio;

/// Nanoseconds of a clock that never steps back.
[[nodiscard]] std::int64_t steady_ns();

/// What all connections of a load run share.
struct LoadShared {
  const LoadOptions& options;
  LoadFrameWriter writer;
  asio::ip::tcp::endpoint endpoint;
  std::int64_t began_ns = 0;
  std::int64_t last_ack_ns = 0;
  bool sending = true;  ///< false: only wait for what is outstanding
  LoadReport report;
};

/// One connection with its devices. Frame n of a connection is from its device n mod M and carries that device's
/// sequence first + n / M; its request number is first·M + n. So an answer's QN leads to the frame without a search, and a
/// later run that continues the sequences continues the QNs too.
class LoadConnection : public std::enable_shared_from_this<LoadConnection> {
 public:
  LoadConnection(asio::io_context& io, LoadShared& shared, std::uint32_t index);

  void start() { connect(); }
  /// Sends what is due; called by the run's clock and after answers.
  void pump(std::int64_t now_ns);
  /// Closes and connects again when the oldest frame has waited too long for its answer.
  void check_timeout(std::int64_t now_ns);
  void stop();
  [[nodiscard]] bool idle() const { return in_flight_.empty(); }
  /// Adds this connection's devices to the report's log.
  void write_log(AckedLog& log) const;

 private:
  struct InFlight {
    std::int64_t sent_ns;  ///< first sending, or the planned moment at a fixed rate
    bool acked;
  };
  [[nodiscard]] std::uint32_t device(std::uint64_t frame) const;
  [[nodiscard]] std::uint32_t sequence(std::uint64_t frame) const;
  [[nodiscard]] std::uint64_t due(std::int64_t now_ns) const;
  [[nodiscard]] std::int64_t planned_ns(std::uint64_t frame, std::int64_t now_ns) const;
  void append(std::uint64_t frame);
  void connect();
  void connected();
  void lost();
  void flush();
  void read();
  void take_answers();
  [[nodiscard]] bool accept_answer(std::string_view qn, std::string_view mn, std::int64_t now_ns);

  asio::io_context& io_;
  LoadShared& shared_;
  std::uint32_t index_;
  std::uint32_t devices_;       ///< M
  std::uint64_t request_base_;  ///< request number of frame 0
  std::uint64_t quota_;         ///< frames this connection may send in all
  asio::ip::tcp::socket socket_;
  asio::steady_timer retry_;
  std::deque<InFlight> in_flight_;  ///< frames front_ … front_ + size − 1
  std::uint64_t front_ = 0;         ///< every frame before this is acknowledged
  bool up_ = false;
  bool writing_ = false;
  bool stopped_ = false;
  bool was_up_ = false;
  std::int64_t up_since_ns_ = 0;
  std::int64_t retry_ms_ = 0;
  std::uint64_t epoch_ = 0;  ///< counts connections; handlers of an older one do nothing
  std::string building_;
  std::string outgoing_;
  std::vector<char> incoming_;
  std::size_t filled_ = 0;
  std::uint64_t qn_second_ = UINT64_MAX;  ///< the last QN second seen and its digits
  std::string qn_digits_;
};

/// A load run on somebody's io_context: load() and hold_slow() drive it.
class LoadRun {
 public:
  /// Errors: invalid_input for options that make no sense or a host that does not resolve. `options` outlives the run.
  [[nodiscard]] static Result<std::unique_ptr<LoadRun>> prepare(asio::io_context& io, const LoadOptions& options);
  /// Starts; `done` is called once when everything is answered or the time is over.
  void start(std::stop_token stop, std::function<void()> done);
  /// Valid after `done`, or after the io_context has stopped.
  [[nodiscard]] LoadReport take_report();
  [[nodiscard]] const LoadReport& so_far() const { return shared_.report; }

 private:
  LoadRun(asio::io_context& io, const LoadOptions& options, asio::ip::tcp::endpoint endpoint);
  void tick();

  LoadShared shared_;
  asio::steady_timer timer_;
  std::vector<std::shared_ptr<LoadConnection>> connections_;
  std::stop_token stop_;
  std::function<void()> done_;
  std::int64_t drain_until_ns_ = 0;
  std::int64_t next_progress_ns_ = 0;
  std::int64_t next_timeout_check_ns_ = 0;
};

/// Resolves a target. Errors: invalid_input.
[[nodiscard]] Result<asio::ip::tcp::endpoint> resolve(asio::io_context& io, const Target& target);

}  // namespace mj::simulator
