#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "allow_list.hpp"
#include "connection.hpp"
#include "counters.hpp"
#include "journal.hpp"
#include "link_table.hpp"
#include "mj/gateway/server.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "order_desk.hpp"
#include "qn_source.hpp"

namespace mj::gateway {

/// What the parts of a gateway share. Everything but `counters` and `in_flight` belongs to the gateway thread.
struct Core {
  Core(ServerOptions server_options, evidence::Log& evidence_log, Knowledge known, runtime::Clock wall_clock);

  /// Takes a connection in, or refuses it by the limits.
  void enter(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);
  /// A connection has closed.
  void leave(std::uint64_t number, const boost::asio::ip::address& address);
  /// Looks after time-outs of connections and orders.
  void sweep();
  /// Ends conversations and connections.
  void stop();

  const ServerOptions options;
  evidence::Log& log;
  const Knowledge knowledge;
  const runtime::Clock clock;
  boost::asio::io_context io{1};
  Counters counters;
  /// Commits whose callback has not run yet; whoever destroys this waits for them.
  std::atomic<std::uint64_t> in_flight{0};
  hj212::FrameReader reader;
  std::vector<std::byte> read_buffer;  ///< shared: a connection's bytes go on into its own framer at once
  std::int64_t steady_now_ms = 0;      ///< of the read being handled
  QnSource qns;
  LinkTable links;
  Journal journal;
  OrderDesk desk;
  AllowList allowed;
  AddressCount per_address;
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections;
  std::uint64_t next_connection = 0;
};

}  // namespace mj::gateway
