#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/crc.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::hj212 {

/// Which generation of the standard a frame speaks.
enum class Dialect { v2005, v2017, v2025, unknown };
/// "2005", "2017", "2025", "unknown".
[[nodiscard]] std::string_view name(Dialect dialect);

/// 拆分包及应答标志. Source: HJ 212-2017 table 3: bit 0 answer wanted, bit 1 packet numbers present, bits 2…7 version.
struct Flag {
  std::uint8_t raw = 0;
  [[nodiscard]] bool ack() const { return (raw & 1U) != 0; }
  [[nodiscard]] bool split() const { return (raw & 2U) != 0; }
  [[nodiscard]] std::uint8_t version() const { return static_cast<std::uint8_t>(raw >> 2U); }
};

/// Header of a data segment. Views into the segment; a field that is absent is an empty view with a null pointer
/// in the optional ones. Values are as received, blanks around names and values removed.
struct Header {
  std::optional<std::string_view> qn;  ///< request number 请求编码
  std::optional<std::string_view> st;  ///< system code 系统编码
  std::optional<std::string_view> cn;  ///< command code 命令编码
  std::optional<std::string_view> pw;  ///< password 访问密码
  std::optional<std::string_view> mn;  ///< device number 设备唯一标识
  std::optional<Flag> flag;
  std::optional<std::string_view> pnum;
  std::optional<std::string_view> pno;
  std::optional<std::string_view> rf;  ///< re-sent mark 补传标志 (2025)
  std::optional<std::string_view> cp;  ///< data area 数据区 between `CP=&&` and `&&`
};

/// Reads the header with the tolerances of the field (any order, Flag after CP, missing or foreign separators,
/// blanks, lower/upper-case names). Never fails: what is not found is absent; `error` says what an acceptable
/// segment lacks (a CN of four digits, a CP area) and is empty when nothing.
struct HeaderReading {
  Header header;
  std::string error;
};
[[nodiscard]] HeaderReading read_header(std::string_view segment);

/// Dialect by version bits, MN shape and form. Source: docs/formats/hj212-framing.md (the surface-water profile
/// also uses version 2).
[[nodiscard]] Dialect dialect_of(const Header& header);

/// One `name=value` of the data area; `w01018-Rtd=3.5` has factor `w01018` and key `Rtd`, `DataTime=…` has an empty
/// factor and key `DataTime`.
struct Field {
  std::string_view factor;
  std::string_view key;
  std::string_view value;
};

/// The fields of a data area in order of appearance, blanks around names and values removed; text without `=` becomes a
/// field with that key and no value. A value `//…//` 日志 may contain separators.
/// `fields` is cleared first, so a caller can reuse it without allocation.
void read_fields(std::string_view cp, std::vector<Field>& fields);

/// DataTime as devices write it: 14 digits, tolerated 15…17 (a fraction of a second). Errors: none.
[[nodiscard]] std::optional<Instant> read_data_time(std::string_view value);

/// What the gateway has to answer to a frame, if anything. Protocol::answer_for() decides.
enum class Answer { none, data_reply_9014, notice_reply_9013 };

/// A whole frame with head, length, CRC of HJ 212 and CRLF around the data segment.
[[nodiscard]] std::string frame(std::string_view segment);

/// The frame that answers `request`: ST=91, QN, PW and MN copied byte for byte, version bits kept, no further answer
/// wanted; the CRC by the rule of the device (`off`: that of HJ 212). Source: HJ 212-2017 appendix C.14, C.11.
[[nodiscard]] std::string answer_frame(const Header& request, Answer answer, CrcRule crc = CrcRule::hj);

/// Text of a value as valid UTF-8: unchanged when it is, otherwise read as GBK, otherwise bytes that fit neither are
/// replaced by U+FFFD. `recoded` tells when it was not UTF-8.
struct Utf8Text {
  std::string text;
  bool recoded = false;
};
[[nodiscard]] Utf8Text to_utf8(std::string_view bytes);

}  // namespace mj::hj212
