#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/message.hpp"
#include "mj/hj212/sm4.hpp"

namespace mj::hj212 {

/// What is done about the password 访问密码 of a frame. It is compared in constant time.
enum class PasswordRule { off, report, reject };
/// Whether the data area of uploads is expected in cipher 数据区加密.
enum class Encryption { off, accepted, required };

[[nodiscard]] std::string_view name(PasswordRule rule);
[[nodiscard]] std::string_view name(Encryption encryption);
[[nodiscard]] std::optional<PasswordRule> parse_password_rule(std::string_view word);
[[nodiscard]] std::optional<Encryption> parse_encryption(std::string_view word);
/// "2005", "2017", "2025". Errors: none.
[[nodiscard]] std::optional<Dialect> parse_dialect(std::string_view word);

/// How a device speaks and is spoken to 通讯档案: registered, and changed by decisions.
struct Profile {
  std::optional<Dialect> dialect;  ///< generation of requests sent to it; none: as its newest frame shows
  bool surface_water = false;      ///< surface-water profile: 1014/1015 mean the logger's time, 9015 a heartbeat
  CrcRule crc = CrcRule::hj;       ///< which CRC its frames may carry, and ours to it
  std::string password;            ///< of its frames and of requests to it; empty: that of its newest frame
  PasswordRule password_rule = PasswordRule::off;
  Encryption encryption = Encryption::accepted;
  int over_time_s = 10;  ///< time-out of request and execution 超时时间, HJ 212-2017 §6.2 table 1
  int recount = 3;       ///< resends of a request 重发次数, the same
  bool operator==(const Profile&) const = default;
};

/// All that is needed to read a device's frames at one moment.
struct DeviceSettings {
  Profile profile;
  std::vector<Sm4Key> keys;  ///< newest first; older ones are honoured for frames under way
};

}  // namespace mj::hj212
