#include "allow_list.hpp"

#include <fmt/format.h>

namespace mj::gateway {

namespace ip = boost::asio::ip;

ip::address plain_address(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

Result<AllowList> AllowList::parse(const std::vector<std::string>& networks) {
  AllowList list;
  for (const std::string& word : networks) {
    const bool v6 = word.find(':') != std::string::npos;
    const bool one_address = word.find('/') == std::string::npos;
    const std::string whole = one_address ? word + (v6 ? "/128" : "/32") : word;
    boost::system::error_code failure;
    if (v6) {
      const ip::network_v6 network = ip::make_network_v6(whole, failure);
      if (!failure) list.v6_.push_back(network.canonical());
    } else {
      const ip::network_v4 network = ip::make_network_v4(whole, failure);
      if (!failure) list.v4_.push_back(network.canonical());
    }
    if (failure) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("\"{}\" is not a network such as \"203.0.113.0/24\" or \"2001:db8::/32\"", word));
    }
  }
  return list;
}

bool AllowList::allows(const ip::address& peer) const {
  if (v4_.empty() && v6_.empty()) return true;
  const ip::address address = plain_address(peer);
  if (address.is_v4()) {
    const unsigned bits = address.to_v4().to_uint();
    return std::ranges::any_of(v4_, [bits](const ip::network_v4& network) {
      return (bits & network.netmask().to_uint()) == network.network().to_uint();
    });
  }
  // Two IPv6 networks of one prefix length are equal exactly when the address lies in the first.
  const ip::address_v6 wanted = address.to_v6();
  return std::ranges::any_of(v6_, [&wanted](const ip::network_v6& network) {
    return ip::network_v6(wanted, network.prefix_length()).canonical() == network;
  });
}

bool AddressCount::enter(const ip::address& peer) {
  std::size_t& count = open_[peer];
  if (limit_ != 0 && count >= limit_) return false;
  ++count;
  return true;
}

void AddressCount::leave(const ip::address& peer) {
  const auto found = open_.find(peer);
  if (found != open_.end() && --found->second == 0) open_.erase(found);
}

}  // namespace mj::gateway
