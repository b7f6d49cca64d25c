#include "decision_table.hpp"

#include "mj/storage/database.hpp"
#include "mj_registry_embedded.hpp"

namespace mj::registry {

Result<std::unique_ptr<DecisionTable>> DecisionTable::open(const std::filesystem::path& file) {
  std::vector<storage::Migration> migrations;
  for (const sql::File& each : sql::files())
    migrations.push_back(storage::migration("registry", each.name, each.bytes));
  MJ_TRY(auto session, storage::open_sqlite(file, migrations));
  return std::unique_ptr<DecisionTable>(new DecisionTable(std::move(session)));
}

std::uint64_t DecisionTable::position() {
  long long position = 0;
  *session_ << "SELECT coalesce(max(position), 0) FROM register_book", soci::into(position);
  return static_cast<std::uint64_t>(position);
}

std::vector<RecordedDecision> DecisionTable::decisions() {
  long long entry = 0;
  long long at = 0;
  std::string payload;
  soci::statement query = (session_->prepare << "SELECT entry, at, payload FROM register_decision ORDER BY entry",
                           soci::into(entry), soci::into(at), soci::into(payload));
  query.execute();
  std::vector<RecordedDecision> result;
  while (query.fetch()) result.push_back({static_cast<std::uint64_t>(entry), Instant::from_ms(at), payload});
  return result;
}

void DecisionTable::commit(const std::vector<RecordedDecision>& decisions, std::uint64_t position) {
  soci::transaction transaction(*session_);
  for (const RecordedDecision& decision : decisions) {
    const auto entry = static_cast<long long>(decision.entry);
    const long long at = decision.at.ms();
    *session_ << "INSERT OR REPLACE INTO register_decision(entry, at, payload) VALUES(:e, :a, :p)",
        soci::use(entry), soci::use(at), soci::use(decision.payload);
  }
  const auto place = static_cast<long long>(position);
  *session_ << "INSERT OR REPLACE INTO register_book(only_row, position) VALUES(1, :p)", soci::use(place);
  transaction.commit();
}

void DecisionTable::begin_anew() {
  soci::transaction transaction(*session_);
  *session_ << "DELETE FROM register_decision";
  *session_ << "DELETE FROM register_book";
  transaction.commit();
}

}  // namespace mj::registry
