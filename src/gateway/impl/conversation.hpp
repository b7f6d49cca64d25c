#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "device.hpp"
#include "journal.hpp"
#include "mj/devices/order.hpp"
#include "reply.hpp"

namespace mj::gateway {

struct Core;

/// The conversation 会话 that one order is: request, 9011, data, 9012 (or 9013), with time-outs and resends. Each step is
/// recorded before the next is made. Gateway thread only.
/// Source: HJ 212-2017 §6.2 table 1, §6.5, appendix C.
class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  /// What the caller has to do with the order when run() is over.
  enum class End : std::uint8_t {
    over,     ///< it has a final state
    waiting,  ///< the line was lost before the device accepted: it is queued again and keeps its QN
    stopped   ///< the gateway stops
  };

  /// With the device, or with the one connection that the order names; null when that has closed already.
  Conversation(Core& core, devices::Order order, Device* device, Connection* connection);

  [[nodiscard]] boost::asio::awaitable<End> run();

  /// A good frame has come that may be a reply. When it is, the caller owes answered() once the frame is durable, or
  /// not_recorded() when it never will be.
  [[nodiscard]] std::optional<Reply> understand(const hj212::Header& header,
                                                const std::vector<hj212::Field>& fields);
  void answered(const Reply& reply, std::uint64_t entry);
  void not_recorded();

  void cancel();
  /// Nothing of the device, or of the connection named, is open any more.
  void line_lost();
  void stop();
  /// run() is over: frames are no longer looked at.
  void leave();

  [[nodiscard]] const devices::Order& order() const { return order_; }

 private:
  struct Heard {
    Reply reply;
    std::uint64_t entry = 0;
  };
  /// Steps that wait to be recorded together, and the state after them.
  struct Progress {
    std::vector<devices::Step> steps;
    bool renews = false;  ///< the time-out of the execution begins anew
  };

  [[nodiscard]] boost::asio::awaitable<bool> send();
  [[nodiscard]] boost::asio::awaitable<void> wait();
  [[nodiscard]] boost::asio::awaitable<End> finish(devices::OrderState state, std::string what, std::string note);
  [[nodiscard]] boost::asio::awaitable<End> give_up();
  /// Takes what was heard; true when anything was.
  bool take_heard(Progress& progress);
  void take(const Heard& heard, Progress& progress);
  [[nodiscard]] devices::Step step(devices::OrderState state, std::string what) const;
  [[nodiscard]] Connection* link() const;
  [[nodiscard]] Place place() const;
  void accept(Progress& progress);
  /// Nothing has been sent and nothing may be any more.
  [[nodiscard]] bool expired() const;
  void renew_deadline();
  void wake() { timer_.cancel(); }

  Core& core_;
  devices::Order order_;
  Device* device_ = nullptr;          ///< null when the order names a connection
  Connection* connection_ = nullptr;  ///< null when it does not, or when it has closed
  Question question_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer::time_point deadline_;
  std::vector<Heard> heard_;
  Place last_place_;
  std::string problem_;      ///< why the request cannot be written
  std::size_t awaited_ = 0;  ///< replies that are being committed
  int over_time_s_ = 0;
  int recount_ = 0;
  int sent_ = 0;  ///< in this run
  bool accepted_ = false;
  bool cancelled_ = false;
  bool lost_ = false;
  bool stopped_ = false;
};

}  // namespace mj::gateway
