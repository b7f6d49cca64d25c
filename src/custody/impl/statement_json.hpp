#pragma once

#include <string>

#include "mj/custody/custody_book.hpp"

namespace mj::custody {

/// How the payload of a statement begins.
inline constexpr std::string_view kStatementBegin = R"({"kind":"device.day")";

/// SHA-256 (hexadecimal) of what a revision of a day can change: series and gaps.
[[nodiscard]] std::string figures_digest(const DayStatement& statement);

/// The JSON, shortened until an entry can hold it: gaps, then series are counted instead of listed.
[[nodiscard]] std::string to_fitting_json(DayStatement& statement);

}  // namespace mj::custody
