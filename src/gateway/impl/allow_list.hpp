#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::gateway {

/// The address by which a peer is judged and named: an IPv4 address that came through an IPv6 socket is IPv4.
[[nodiscard]] boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

/// Networks that may connect 白名单.
class AllowList {
 public:
  /// "203.0.113.0/24", "2001:db8::/32", or one address. Errors: invalid_input naming the word.
  [[nodiscard]] static Result<AllowList> parse(const std::vector<std::string>& networks);

  /// An empty list allows everybody.
  [[nodiscard]] bool allows(const boost::asio::ip::address& peer) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

/// Counts the open connections of each address.
class AddressCount {
 public:
  explicit AddressCount(std::size_t limit) : limit_(limit) {}
  /// False when the address has its limit already; otherwise leave() must follow.
  [[nodiscard]] bool enter(const boost::asio::ip::address& peer);
  void leave(const boost::asio::ip::address& peer);

 private:
  std::size_t limit_;  ///< 0 = none
  std::unordered_map<boost::asio::ip::address, std::size_t> open_;
};

}  // namespace mj::gateway
