int container_placeholder(void){return 0;}
