<?php
// written by hand
$CONFIG = [
    'datadirectory' => 'DATA',
    'dbtype' => 'pgsql', # over the socket
    'dbhost' => 'POSTGRESQL',
    'dbname' => 'nextcloud_init',
    'dbuser' => 'nextcloud',
    'dbpassword' => '',
    'version' => '31.0.3.2',
    'memcache.local' => '\OC\Memcache\APCu',
    'redis' => ['host' => getenv('REDIS_HOST'), 'port' => 6379],
];
