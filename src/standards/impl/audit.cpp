#include "mj/standards/audit.hpp"

#include <map>

#include "cells.hpp"

namespace mj::standards {
namespace {

/// "HJ 633" of "HJ 633-2026"; a document that counts by years in another way is its own number.
std::string number_of(const std::string& id) {
  const std::size_t dash = id.rfind('-');
  const bool year = dash != std::string::npos && id.size() - dash == 5 &&
                    std::all_of(id.begin() + static_cast<std::ptrdiff_t>(dash) + 1, id.end(),
                                [](char c) { return c >= '0' && c <= '9'; });
  std::string number = year ? id.substr(0, dash) : id;
  // HJ/T became HJ, GB/T stays what it is.
  if (number.starts_with("HJ/T ")) number.erase(2, 2);
  return number;
}

class Search {
 public:
  Search(const StandardSet& standards, Audit& audit) : standards_(standards), audit_(audit) {}

  void rows(const Table& table) {
    std::map<std::string, std::vector<const TableRow*>> by_key;
    const Edition& edition = *standards_.edition(table.edition);
    for (const TableRow& row : table.rows) {
      if (!row.replaced_by.empty()) continue;
      by_key[row.key].push_back(&row);
      const bool early = row.validity.from < edition.validity.from;
      const bool late = edition.validity.to && (!row.validity.to || *row.validity.to > *edition.validity.to);
      if (early || late)
        fault(row.origin, fmt::format("{} is in force {} the edition", row.key, early ? "before" : "after"));
      units(table, row);
    }
    for (auto& [key, rows] : by_key) {
      std::sort(rows.begin(), rows.end(),
                [](const TableRow* a, const TableRow* b) { return a->validity.from < b->validity.from; });
      for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto& end = rows[i - 1]->validity.to;
        if (end && *end < rows[i]->validity.from)
          fault(rows[i]->origin, fmt::format("{}: nothing is in force from {} to {}", key, day_text(*end),
                                             last_day_text(rows[i]->validity.from)));
      }
    }
  }

  void editions() {
    std::map<std::string, std::vector<const Edition*>> by_number;
    for (const Edition& edition : standards_.editions()) {
      by_number[number_of(edition.id) + " " + edition.jurisdiction].push_back(&edition);
      superseded(edition);
    }
    for (auto& [number, all] : by_number) {
      std::sort(all.begin(), all.end(),
                [](const Edition* a, const Edition* b) { return a->validity.from < b->validity.from; });
      for (std::size_t i = 1; i < all.size(); ++i) follows(*all[i - 1], *all[i]);
    }
  }

 private:
  void fault(std::string place, std::string text) { audit_.faults.push_back({std::move(place), std::move(text)}); }

  /// Editions that the devices speak are all in use at the same time.
  static bool spoken(const Edition& edition) { return number_of(edition.id) == "HJ 212"; }

  void follows(const Edition& older, const Edition& newer) {
    if (spoken(newer)) return;
    if (older.validity.overlaps(newer.validity)) {
      fault(newer.id, fmt::format("is in force at the same time as {}", older.id));
    } else if (*older.validity.to < newer.validity.from) {
      fault(newer.id, fmt::format("no edition is in force from {} to {}, after {}", day_text(*older.validity.to),
                                  last_day_text(newer.validity.from), older.id));
    }
  }

  void superseded(const Edition& edition) {
    for (const std::string& id : edition.supersedes) {
      const Edition* older = standards_.edition(id);
      if (older == nullptr) {
        fault(edition.id, fmt::format("supersedes \"{}\", which is not there", id));
      } else if (!older->validity.to || *older->validity.to > edition.validity.from) {
        fault(edition.id, fmt::format("supersedes {}, which does not end on the day before", id));
      }
    }
  }

  void units(const Table& table, const TableRow& row) {
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      const std::string& column = table.header[i];
      if (column != "unit" && !column.ends_with("_unit")) continue;
      if (!row.cells[i].empty() && !standards_.knows_unit(row.cells[i]))
        fault(row.origin, fmt::format("{}: unit \"{}\" is in no table of units", row.key, row.cells[i]));
    }
  }

  const StandardSet& standards_;
  Audit& audit_;
};

}  // namespace

Audit audit(const StandardSet& standards) {
  Audit result;
  result.editions = standards.editions().size();
  result.tables = standards.tables().size();
  Search search(standards, result);
  search.editions();
  std::map<std::string, std::pair<std::size_t, std::size_t>> unverified;
  for (const Table& table : standards.tables()) {
    search.rows(table);
    for (const TableRow& row : table.rows) {
      if (!row.replaced_by.empty()) {
        ++result.replaced;
        continue;
      }
      ++result.rows;
      ++result.by_state.at(static_cast<std::size_t>(row.verification));
      result.local += row.local ? 1 : 0;
      auto& [unsure, all] = unverified[table.edition];
      unsure += row.verification == Verification::unverified ? 1 : 0;
      ++all;
    }
  }
  for (const auto& [edition, counts] : unverified) {
    if (counts.first > 0)
      result.unverified_in.push_back(fmt::format("{}: {} of {} rows", edition, counts.first, counts.second));
  }
  return result;
}

}  // namespace mj::standards
