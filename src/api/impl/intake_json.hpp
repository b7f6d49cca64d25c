#pragma once

#include "json.hpp"
#include "mj/dataset/catalogue.hpp"
#include "mj/intake/receipt.hpp"
#include "mj/telemetry/imports.hpp"

namespace mj::api {

/// `ImportLayout`.
[[nodiscard]] Json layout_json(const dataset::Layout& layout);
/// `Recognition`.
[[nodiscard]] Json recognition_json(const dataset::Recognition& recognition);
/// `ImportReceipt` of a file that was just taken. `derived`: whether its values are there already.
[[nodiscard]] Json receipt_json(const intake::Receipt& receipt, bool derived, Instant now, std::string_view name,
                                std::string_view reason);
/// `ImportReceipt` of a file in the log. `derived`: whether the values of all entries until now are derived.
[[nodiscard]] Json receipt_json(const telemetry::ImportedFile& file, bool derived,
                                const std::vector<intake::Fault>& faults);

}  // namespace mj::api
