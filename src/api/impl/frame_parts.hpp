#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// A stretch of a frame of ours, for explaining it.
struct FramePart {
  enum class Kind { frame, header, area, separator };
  Kind kind = Kind::separator;
  std::string_view text;  ///< exactly these characters
  std::string_view key;   ///< name of the field as written, with its factor; empty when it is none
  std::string_view value;
};

/// Cuts a frame of ours, in clear, into its parts: joined, their texts are the frame. What does not have the form of
/// HJ 212-2017 §6.3 ends up in separators, so nothing is lost. Views into `frame`.
[[nodiscard]] std::vector<FramePart> cut_frame(std::string_view frame);

/// `Preview` of a frame to a device, whose keys open its data area.
[[nodiscard]] Json preview_json(const Services& services, const std::string& mn, std::string_view frame);

}  // namespace mj::api
