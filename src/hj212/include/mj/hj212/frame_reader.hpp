#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/deviation.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/message.hpp"
#include "mj/hj212/profile.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::hj212 {

/// Whether a frame may be used.
enum class Verdict : std::uint8_t {
  good,
  not_a_frame,
  header_incomplete,
  crc_wrong,       ///< not what the profile allows; `crc` says what it fits
  password_wrong,  ///< and the profile rejects that
  not_decrypted    ///< in cipher, and no key of the device opens it
};

/// A frame read by the settings of its device. Views into the bytes given or into the reader: valid until the next read.
struct FrameReading {
  Verdict verdict = Verdict::not_a_frame;
  Header header;                    ///< `header.cp` is the area as received
  std::string_view area;            ///< the data area in clear; empty when there is none or it could not be opened
  CrcMatch crc = CrcMatch::absent;  ///< of the segment in clear
  std::uint16_t crc_hj = 0;         ///< what HJ 212 prescribes for that segment
  bool encrypted = false;
  std::size_t key = 0;            ///< which of the device's keys opened it, when encrypted
  bool password_differs = false;  ///< from the registered one, whatever the rule
  std::string_view error;         ///< what is wrong, in English; empty when good
};

/// Reads frames by the settings of their devices: framing, header, CRC, password, cipher. Reuses its buffers: no allocation
/// for a frame in clear that conforms. The only way from stored bytes to a data area, so that all rooms agree. Thread: one.
class FrameReader {
 public:
  FrameReader();

  /// The bytes of one frame as they were received. Bytes in cipher are known by the device having a key and an area that
  /// does not begin like a field; opened with each key, accepted when the CRC of the clear segment fits and it parses.
  [[nodiscard]] const FrameReading& read(BytesView frame, const DeviceSettings& settings);
  /// The same for a piece that was cut already; no framing again.
  [[nodiscard]] const FrameReading& read(const Piece& piece, const DeviceSettings& settings);
  /// How the last bytes were cut: CRC, framing deviations.
  [[nodiscard]] const Piece& last_piece() const { return piece_; }
  /// Whether the header of the last frame has exactly the form and order of the standard.
  [[nodiscard]] bool standard_header() const { return standard_header_; }
  /// Fields of the area of the last reading, parsed on first use.
  [[nodiscard]] const std::vector<Field>& fields();

 private:
  const FrameReading& read_piece(const DeviceSettings& settings);
  /// Tries the keys on the area; changes the reading when one opens it.
  void open_area(const DeviceSettings& settings);

  Framer framer_;
  Piece piece_;
  FrameReading reading_;
  std::string clear_;  ///< segment in clear of the last frame in cipher
  std::vector<Field> fields_;
  bool fields_read_ = false;
  bool standard_header_ = false;
  std::string header_error_;
};

}  // namespace mj::hj212
