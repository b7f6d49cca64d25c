#pragma once

#include <atomic>
#include <string>

#include "machine_figures.hpp"
#include "mj/api/server.hpp"
#include "points_view.hpp"
#include "static_files.hpp"
#include "yesterday_view.hpp"

namespace mj::api {

/// What the handlers share.
struct Context {
  explicit Context(Services given, std::filesystem::path web_dir)
      : services(std::move(given)),
        points(services),
        yesterday(services),
        disk(services.directories),
        files(std::move(web_dir)),
        started_at(services.clock()) {}

  Services services;
  PointsView points;
  YesterdayView yesterday;
  DiskFigures disk;
  StaticFiles files;
  Instant started_at;
  std::string binding;
  std::atomic<double> values_per_s = 0;  ///< over the last second; kept by the event feed
};

}  // namespace mj::api
