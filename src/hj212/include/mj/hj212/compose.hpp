#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/profile.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/result.hpp"

namespace mj::hj212 {

/// A frame to be written; empty optionals leave the field out.
struct Outgoing {
  std::optional<std::string> qn;
  std::string st;
  std::string cn;
  std::optional<std::string> pw;
  std::string mn;
  std::optional<std::uint8_t> flag;
  std::optional<unsigned> pnum;
  std::optional<unsigned> pno;
  bool rf = false;   ///< re-sent 补传 (2025)
  std::string area;  ///< between `CP=&&` and `&&`, in clear
};

/// The data segment in the order of the standard: QN;ST;CN;PW;MN;Flag;PNUM;PNO;RF;CP. Source: HJ 212-2017 §6.3.2.
[[nodiscard]] std::string segment(const Outgoing& message);
/// The whole frame: CRC by `crc` over the clear segment, then the area in cipher when there is a key.
[[nodiscard]] std::string frame(const Outgoing& message, CrcRule crc, const Sm4Key* key = nullptr);
/// Any segment with the CRC named.
[[nodiscard]] std::string frame(std::string_view segment, CrcRule crc);

/// One parameter of a request: key and value as they stand in the data area.
using Parameter = std::pair<std::string, std::string>;

/// The data area of a request by the table of its command: checks names, types, ranges and required fields; keys of one
/// factor are joined by `,`, items by `;`, as the example of the command does. Errors: invalid_input naming the field.
[[nodiscard]] Result<std::string> request_area(const Command& command, const std::vector<Parameter>& parameters);

/// The request of a host: Flag with version bits of the dialect and the answer bit (5, 9, 1), the device's MN and password.
[[nodiscard]] Outgoing request(const Command& command, std::string qn, std::string st, std::string pw,
                               std::string mn, std::string area);

/// Divides an upload whose segment would be too long into frames with PNUM/PNO that repeat `DataTime` and hold whole
/// items. Source: HJ 212-2017 appendix C.50; HJ 212-2025: at most nine. Errors: invalid_input when one item does not fit.
[[nodiscard]] Result<std::vector<Outgoing>> split(const Outgoing& upload, std::size_t max_area = 950);

}  // namespace mj::hj212
