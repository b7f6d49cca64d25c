#pragma once

#include <filesystem>
#include <string>

#include "mj/evidence/log.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/network.hpp"
#include "mj/registry/point_set.hpp"

namespace mj::registry {

/// What was taken into the register from files that ship with an installation.
struct Adopted {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t refused = 0;  ///< each was written to the log of the program
};

/// Takes the points of network.toml into the register 点位登记: those that it does not have, from schema().adopted_from() on, and what
/// the file says otherwise than when it was last taken in, from today on. What people changed since then stays. The
/// approval of such decisions is the document "network.toml". Errors: unavailable.
[[nodiscard]] Result<Adopted> adopt_network(Book& book, evidence::Log& log, const Network& network, Instant now);

/// The same for a table or GeoJSON file of records of one kind; the file is the document of rows that name none. Errors: not_found, invalid_input, unavailable.
[[nodiscard]] Result<Adopted> adopt_file(Book& book, evidence::Log& log, std::string_view kind,
                                         const std::filesystem::path& file, Instant now);

/// A point of the register as one of the network, for which `device` reports: an MN, or "<source>/<code>" of imported data.
[[nodiscard]] Point registered_point(const PointView& view, const std::string& device);

/// The network with the points of the register for which a device reports that it does not know: their frames are accepted
/// from the next start on. Errors: as Network::from_points.
[[nodiscard]] Result<Network> with_registered_points(const Network& network, const Book& book, Day day);

}  // namespace mj::registry
