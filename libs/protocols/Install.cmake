# The library by itself, for programs that are not Karez:
#   cmake -S . -B build/protocols -G Ninja -DKAREZ_ONLY_PROTOCOLS=ON -DCMAKE_BUILD_TYPE=Release
#   cmake --build build/protocols
#   cmake --install build/protocols --component protocols --prefix PREFIX
# Then find_package(karez-protocols) gives karez::protocols (the codecs), karez::protocols_explain
# (frames as JSON) and karez::protocols_profiles (meter profiles): see example/.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/karez-protocols")
foreach(library protocols protocols_explain protocols_profiles)
  set_target_properties(karez_${library} PROPERTIES EXPORT_NAME ${library})
  target_compile_features(karez_${library} PUBLIC cxx_std_20)
  target_include_directories(karez_${library}
    INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/karez>")
endforeach()
install(TARGETS karez_protocols karez_protocols_explain karez_protocols_profiles
        EXPORT karez-protocols
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT protocols)
install(TARGETS frame-decode RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT protocols)
# Headers keep their paths: #include "libs/protocols/codec.h".
install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/karez/libs/protocols" COMPONENT protocols
        FILES_MATCHING PATTERN "*.h"
        PATTERN tests EXCLUDE PATTERN tools EXCLUDE PATTERN profiles EXCLUDE
        PATTERN example EXCLUDE)
install(EXPORT karez-protocols NAMESPACE karez:: DESTINATION "${package_dir}" COMPONENT protocols)
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/karez-protocols-config.cmake" [[
include(CMakeFindDependencyMacro)
find_dependency(OpenSSL)
find_dependency(simdjson)
find_dependency(nlohmann_json)
include("${CMAKE_CURRENT_LIST_DIR}/karez-protocols.cmake")
]])
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/karez-protocols-config.cmake"
        DESTINATION "${package_dir}" COMPONENT protocols)

# What was installed is used as a stranger would.
add_test(NAME protocols_install_test
  COMMAND "${CMAKE_COMMAND}" "-DBUILD=${CMAKE_BINARY_DIR}"
          "-DEXAMPLE=${CMAKE_CURRENT_SOURCE_DIR}/example"
          "-DSCRATCH=${CMAKE_CURRENT_BINARY_DIR}/install_test" "-DCXX=${CMAKE_CXX_COMPILER}"
          -P "${CMAKE_CURRENT_SOURCE_DIR}/tests/install_test.cmake")
set_tests_properties(protocols_install_test PROPERTIES LABELS unit TIMEOUT 300)
