# How a library, a service and a test are declared. Sources are listed, never globbed.

# karez_library(NAME base SOURCES … [LIBS …])
# Static library karez_<name>.
function(karez_library)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LIBS" ${ARGN})
  add_library(karez_${arg_NAME} STATIC ${arg_SOURCES})
  # Our warnings are not for those who use an installed library.
  target_link_libraries(karez_${arg_NAME} PUBLIC "$<BUILD_INTERFACE:karez_flags>" ${arg_LIBS})
endfunction()

# karez_test(NAME base_money_test LABEL unit SOURCES … LIBS …)
# LABEL: unit (needs nothing), pg (PostgreSQL), service (PostgreSQL, Redis, Kafka).
function(karez_test)
  cmake_parse_arguments(arg "" "NAME;LABEL" "SOURCES;LIBS" ${ARGN})
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE karez_flags ${arg_LIBS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} --gtest_brief=1)
  set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 300)
endfunction()

# karez_migrations(target namespace dir a.sql b.sql …)
# Adds to `target` a generated source that defines
#   const std::vector<karez::pg::Migration>& <namespace>::Migrations();
function(karez_migrations target namespace dir)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.cpp")
  set(files ${ARGN})
  list(TRANSFORM files PREPEND "${dir}/")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DNAMESPACE=${namespace}" "-DFILES=${files}"
            -P "${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake"
    COMMENT "migrations ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()

# karez_service(NAME billing SOURCES … [MIGRATIONS 0001_x.sql …] [LIBS …])
# Object code is built once, into the static library karez_<name>_service, and linked into the
# binary karez-<name> (main.cpp) and into the tests.
function(karez_service)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;MIGRATIONS;LIBS" ${ARGN})
  set(lib karez_${arg_NAME}_service)
  add_library(${lib} STATIC ${arg_SOURCES})
  target_link_libraries(${lib} PUBLIC karez_flags ${arg_LIBS})
  if(arg_MIGRATIONS)
    karez_migrations(${lib} karez::${arg_NAME} "${CMAKE_CURRENT_SOURCE_DIR}/migrations"
                     ${arg_MIGRATIONS})
  endif()
  add_executable(karez-${arg_NAME} main.cpp)
  target_link_libraries(karez-${arg_NAME} PRIVATE ${lib})
endfunction()
