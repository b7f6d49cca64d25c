#pragma once

#include "json.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/record_table.hpp"

namespace mj::api {

/// `RegisterOverview` for a day.
[[nodiscard]] Json register_json(const registry::Book& book, registry::Day day);
/// `RegisterRecord`; without geometries unless they are wanted.
[[nodiscard]] Json record_json(const registry::KindSchema& kind, const registry::Record& record,
                               bool with_geometry);
/// `RecordDetail`.
[[nodiscard]] Json record_detail_json(const registry::Book& book, const registry::KindSchema& kind,
                                      const std::string& id, registry::AsOf as_of);
/// `RegisterHint`.
[[nodiscard]] Json hint_json(const registry::Book& book, registry::Day day, const registry::Hint& hint);
/// `RegisterReport`.
[[nodiscard]] Json report_json(const registry::Book& book, registry::Day day,
                               const registry::ImportReport& report);
/// `RegisterGeometry` of records that have one; with `across`, for a map that tells so many places apart.
[[nodiscard]] Json geometry_json(const registry::KindSchema& kind, const std::vector<registry::Record>& records,
                                 std::optional<unsigned> across);

}  // namespace mj::api
