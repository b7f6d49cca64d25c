#pragma once

#include <optional>

#include "json.hpp"
#include "mj/devices/order.hpp"
#include "mj/hj212/conformance.hpp"
#include "mj/hj212/protocol.hpp"

namespace mj::api {

/// A text of the protocol tables.
[[nodiscard]] Json name_json(const hj212::LocalText& text);

/// A ground of a guess in words: "CRC16/Modbus, low byte first: 1,234 of 1,240 frames".
[[nodiscard]] Json ground_text_json(const hj212::ProfileGuess::Ground& ground);

/// Kind of a device event in words; the kind itself when it is a new one.
[[nodiscard]] Json event_name_json(std::string_view kind);

/// What a part of a frame is: a field of the header by its name, or "head", "length", "crc", "end".
[[nodiscard]] Json part_name_json(std::string_view key);

/// The words of the contract for the tables' enumerators.
[[nodiscard]] std::string_view word(hj212::Sender sender);
[[nodiscard]] std::string_view word(hj212::CommandKind kind);
[[nodiscard]] std::string_view word(hj212::Course course);
[[nodiscard]] std::string_view word(hj212::ValueType::Form form);

/// What the tables say of a field 参数名称, whatever its command: of an info code (`i13004-Info`), or of a key in any command.
struct FieldMeaning {
  hj212::LocalText name;
  std::string unit;
  std::optional<hj212::LocalText> value;  ///< of the value, where a table has words for it
};
/// Errors: none when no table has the field.
[[nodiscard]] std::optional<FieldMeaning> meaning_of_field(const hj212::Protocol& protocol, std::string_view name,
                                                           std::string_view value);

}  // namespace mj::api
