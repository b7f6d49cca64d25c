#pragma once

#include <string>
#include <string_view>

#include "json.hpp"
#include "mj/hj212/profile.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::api {

/// A frame with its data area in clear.
struct ClearFrame {
  std::string text;        ///< the frame; as it was when no key opens it
  bool encrypted = false;  ///< the area was in cipher
  Json decoded;            ///< `DecodedFrame`
};

/// Opens the frame with the keys of its device.
[[nodiscard]] ClearFrame open_frame(BytesView bytes, const hj212::DeviceSettings& settings);

}  // namespace mj::api
