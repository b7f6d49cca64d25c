#pragma once

#include <optional>
#include <string>

#include "mj/hj212/profile.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::registry {

/// Whether a profile can be used at all. Errors: invalid_input (a rule without a password, a time-out outside 1…99 s,
/// resends outside 0…99; HJ 212-2017 table 4 OverTime, ReCount).
[[nodiscard]] Status check_profile(const hj212::Profile& profile);

/// A change of a device's profile, as recorded 通讯档案变更.
struct ProfileDecision {
  std::string device;
  hj212::Profile profile;  ///< the whole profile after the change; the password travels sealed
  std::string sealed_password;
  std::string name;
  std::string reason;
};

/// A key of a device, as recorded 密钥登记.
struct KeyDecision {
  std::string device;
  std::string created;  ///< SKCreateTime, 17 digits
  std::string sealed;   ///< by the vault, context = device
  std::string name;
  std::string reason;
};

[[nodiscard]] std::string encode(const ProfileDecision& decision);
[[nodiscard]] std::string encode(const KeyDecision& decision);
/// Errors: none when the payload is not such a decision.
[[nodiscard]] std::optional<ProfileDecision> decode_profile(BytesView payload);
[[nodiscard]] std::optional<KeyDecision> decode_key(BytesView payload);

}  // namespace mj::registry
